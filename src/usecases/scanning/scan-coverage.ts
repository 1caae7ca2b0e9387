import { isCancelled, type Scan } from '../../core/model/scan.ts';
import { countAddresses, fromAddressRanges } from '../../core/network/address-ranges.ts';
import type { StagedChunk, Store } from '../../ports/store.ts';
import type { JudgedChunks } from '../judging/chunks-to-judge.ts';

/** Records how far the scan came, and why not further. */
export async function recordCoverage(
  store: Store,
  scan: Scan,
  staged: readonly StagedChunk[],
  judged: JudgedChunks | undefined,
): Promise<void> {
  const whole = staged.filter((chunk) => chunk.outcome === 'complete').length;
  const addresses = fromAddressRanges(judged?.coverage.addresses ?? []);
  const hostsDone = Number(countAddresses(addresses));
  await store.scans.setProgress(scan.id, { hostsDone, hostsUp: judged?.seen.hostsUp ?? 0, chunksDone: whole });
  const broken = scan.chunkCount - whole;
  if (broken === 0 || judged === undefined || isCancelled(scan)) return;
  const why = firstError(staged) ?? 'they ended early';
  await store.scans.addNote(scan.id, `${broken} of ${scan.chunkCount} parts are not whole: ${why}`);
}

export function firstError(staged: readonly { error?: string }[]): string | undefined {
  return staged.find((chunk) => chunk.error !== undefined)?.error;
}
