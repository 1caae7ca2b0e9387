import type { ScanEvidence } from '../core/judgement.ts';
import { countAddresses, fromAddressRanges } from '../core/ranges.ts';
import { type Coverage, isCancelled, type Scan } from '../core/scan.ts';
import type { StagedChunk, Store } from '../ports/store.ts';

/** How far the scan came, and why not further. */
export async function recordCoverage(
  store: Store,
  scan: Scan,
  staged: readonly StagedChunk[],
  evidence: readonly ScanEvidence[],
): Promise<void> {
  const { addresses } = coverageOf(evidence);
  let hostsUp = 0;
  for (const piece of evidence) for (const host of piece.hosts) if (host.status === 'up') hostsUp += 1;
  const whole = staged.filter((chunk) => chunk.outcome === 'complete').length;
  await store.scans.setProgress(scan.id, {
    hostsDone: Number(countAddresses(fromAddressRanges(addresses))),
    hostsUp,
    chunksDone: whole,
  });
  const broken = scan.chunkCount - whole;
  if (broken === 0 || evidence.length === 0 || isCancelled(scan)) return;
  const why = firstError(staged) ?? 'they ended early';
  await store.scans.addNote(scan.id, `${broken} of ${scan.chunkCount} parts are not whole: ${why}`);
}

export function coverageOf(evidence: readonly ScanEvidence[]): Coverage {
  return {
    addresses: evidence.flatMap((piece) => [...piece.coverage.addresses]),
    ports: evidence[0]?.coverage.ports ?? {},
  };
}

export function firstError(staged: readonly { error?: string }[]): string | undefined {
  return staged.find((chunk) => chunk.error !== undefined)?.error;
}
