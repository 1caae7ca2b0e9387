import type { Scan } from '../core/scan.ts';
import type { Clock } from '../ports/clock.ts';
import type { QueueEvents } from '../ports/queue.ts';
import type { ScanProgress } from '../ports/scanner.ts';
import type { Store } from '../ports/store.ts';

export type ScanEventsDeps = {
  store: Store;
  clock: Clock;
  judge(scanId: number): Promise<void>;
  wake(): void;
};

/** A progress message is edited at most this often. */
const EDIT_EVERY_MS = 5_000;

/** What the queue tells the process that owns the database. Every one may be told twice. */
export function scanEvents(deps: ScanEventsDeps): QueueEvents {
  const { store, clock } = deps;
  const progress = new Map<number, Map<number, ScanProgress>>();
  const editedAt = new Map<number, number>();

  async function show(scanId: number): Promise<void> {
    const chunks = [...(progress.get(scanId)?.values() ?? [])];
    await store.scans.setProgress(scanId, {
      hostsDone: chunks.reduce((sum, chunk) => sum + chunk.hostsDone, 0),
      hostsUp: chunks.reduce((sum, chunk) => sum + chunk.hostsUp, 0),
      chunksDone: chunks.filter((chunk) => chunk.percent >= 100).length,
    });
    const notBefore = nextEdit(scanId);
    await store.messages.touch([{ type: 'scan', scan: scanId }], { notBefore });
    deps.wake();
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
      const known = progress.get(scanId) ?? new Map<number, ScanProgress>();
      if ((known.get(chunk)?.percent ?? 0) >= 100) return;
      progress.set(scanId, known.set(chunk, value));
      await show(scanId);
    },
    async onChunk(scanId, chunk, attempt, result) {
      const scan = await store.scans.byId(scanId);
      if (scan === undefined || isSettled(scan)) return;
      await onStarted(scanId);
      const { xml, outcome, error, notes } = result;
      await store.scans.stageChunk(scanId, chunk, attempt, { xml, outcome, ...(error === undefined ? {} : { error }) });
      for (const note of notes) if (!scan.notes.includes(note)) await store.scans.addNote(scanId, note);
    },
    async onScanEnded(scanId) {
      await deps.judge(scanId);
      progress.delete(scanId);
      editedAt.delete(scanId);
      deps.wake();
    },
  };
}

function isSettled(scan: Scan): boolean {
  return (
    scan.status === 'done' || scan.status === 'failed' || (scan.status === 'cancelled' && scan.finishedAt !== undefined)
  );
}
