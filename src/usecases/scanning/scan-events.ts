import { defined } from '../../core/defined.ts';
import { isOver, SCAN_PHASES, type Scan } from '../../core/model/scan.ts';
import { countAddresses, fromAddressRanges } from '../../core/network/address-ranges.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AskedScan, QueueEvents } from '../../ports/queue.ts';
import type { ScanProgress } from '../../ports/scanner.ts';
import type { Store } from '../../ports/store.ts';

export type ScanEventsDeps = {
  store: Store;
  clock: Clock;
  judge(scanId: number): Promise<void>;
  wake(): void;
};

const WHOLE = 100;
/** A progress message is edited at most this often. */
const EDIT_EVERY_MS = 5_000;

/** What a scan asks, for whoever has to tell its results from others. */
export async function askedScan(store: Store, scanId: number): Promise<AskedScan | undefined> {
  const scan = await store.scans.byId(scanId);
  return scan === undefined ? undefined : { site: scan.site, chunks: await store.scans.chunks(scanId) };
}

/** What the queue tells the process that owns the database. Every one may be told twice. */
export function scanEvents(deps: ScanEventsDeps): QueueEvents {
  const { store, clock } = deps;
  const progress = new Map<number, Map<number, ScanProgress>>();
  const editedAt = new Map<number, number>();

  async function show(scanId: number): Promise<void> {
    const scan = await store.scans.byId(scanId);
    if (scan?.status !== 'running') return;
    await store.scans.setProgress(scanId, together(scan, [...(progress.get(scanId)?.values() ?? [])], clock.now()));
    const notBefore = nextEdit(scanId);
    await store.messages.touch([{ type: 'scan', scan: scanId }], { notBefore });
    deps.wake();
  }

  /** What is told of a chunk replaces what was; one that has ended stays ended. */
  function note(scanId: number, chunk: number, value: ScanProgress): void {
    const known = progress.get(scanId) ?? new Map<number, ScanProgress>();
    if ((known.get(chunk)?.percent ?? 0) < WHOLE) progress.set(scanId, known.set(chunk, value));
  }

  async function sizeOf(scanId: number, chunk: number): Promise<number> {
    const request = (await store.scans.chunks(scanId))[chunk];
    return request === undefined ? 0 : Number(countAddresses(fromAddressRanges(request.ranges)));
  }

  /** What comes while an edit waits for its turn goes along with it. */
  function nextEdit(scanId: number): number {
    const now = clock.now();
    const last = editedAt.get(scanId) ?? 0;
    if (last > now) return last;
    const next = Math.max(now, last + EDIT_EVERY_MS);
    editedAt.set(scanId, next);
    return next;
  }

  async function onStarted(scanId: number): Promise<void> {
    const started = await store.scans.transition(scanId, ['queued'], 'running', { startedAt: clock.now() });
    if (started) await show(scanId);
  }

  return {
    onStarted,
    async onProgress(scanId, chunk, value) {
      note(scanId, chunk, value);
      await show(scanId);
    },
    async onChunk(scanId, chunk, attempt, result) {
      const scan = await store.scans.byId(scanId);
      if (scan === undefined || isSettled(scan)) return;
      await onStarted(scanId);
      const { xml, outcome, error, notes } = result;
      await store.scans.stageChunk(scanId, chunk, attempt, { xml, outcome, ...defined({ error }) });
      for (const text of notes) if (!scan.notes.includes(text)) await store.scans.addNote(scanId, text);
      if (scan.chunkCount === 1) return;
      const { hostsDone = 0, hostsUp = 0 } = progress.get(scanId)?.get(chunk) ?? {};
      const done = outcome === 'complete' ? await sizeOf(scanId, chunk) : hostsDone;
      note(scanId, chunk, { hostsDone: done, hostsUp, percent: WHOLE });
      await show(scanId);
    },
    async onScanEnded(scanId) {
      await deps.judge(scanId);
      progress.delete(scanId);
      editedAt.delete(scanId);
      deps.wake();
    },
  };
}

/** Chunks count alike, whatever is in them; after a restart those that ended before it are not known, so it never goes back. */
function together(scan: Scan, chunks: readonly ScanProgress[], at: number) {
  const done = chunks.reduce((sum, chunk) => sum + chunk.percent, 0) / Math.max(1, scan.chunkCount);
  const going = chunks.filter(({ percent }) => percent < WHOLE);
  const phases = SCAN_PHASES.filter((phase) => going.some((chunk) => chunk.phase === phase));
  const step = going.length === 1 ? going[0]?.step : undefined;
  return {
    hostsDone: chunks.reduce((sum, chunk) => sum + chunk.hostsDone, 0),
    hostsUp: chunks.reduce((sum, chunk) => sum + chunk.hostsUp, 0),
    chunksDone: chunks.filter((chunk) => chunk.percent >= WHOLE).length,
    percent: Math.max(scan.percent ?? 0, Math.min(99, Math.floor(done))),
    underWay: { phases, done, at, ...defined({ step }) },
  };
}

function isSettled(scan: Scan): boolean {
  return isOver(scan) && (scan.status !== 'cancelled' || scan.finishedAt !== undefined);
}
