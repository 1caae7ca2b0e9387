import { defined } from '../../core/defined.ts';
import { type ChunkRequest, isOver, SCAN_PHASES, type Scan } from '../../core/model/scan.ts';
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

/** What is known of a scan's chunks. `upBefore`: hosts up in those that had ended before a restart. */
type Parts = { chunks: Map<number, ScanProgress>; upBefore: number };

/** A progress message is edited at most this often. */
const EDIT_EVERY_MS = 5_000;

/** What a scan covers, for those that have to distinguish its results from others. */
export async function askedScan(store: Store, scanId: number): Promise<AskedScan | undefined> {
  const scan = await store.scans.byId(scanId);
  return scan === undefined ? undefined : { site: scan.site, chunks: await store.scans.chunks(scanId) };
}

/** What the queue reports to the process that owns the database. Every event may arrive twice. */
export function scanEvents(deps: ScanEventsDeps): QueueEvents {
  const { store, clock } = deps;
  const parts = new Map<number, Promise<Parts>>();
  const editedAt = new Map<number, number>();

  async function show(scanId: number): Promise<void> {
    const scan = await store.scans.byId(scanId);
    if (scan?.status !== 'running') return;
    await store.scans.setProgress(scanId, together(scan, await partsOf(scanId), clock.now()));
    const notBefore = nextEdit(scanId);
    await store.messages.touch([{ type: 'scan', scan: scanId }], { notBefore });
    deps.wake();
  }

  /** Read from the store when a restart has lost them; events that arrive meanwhile wait for the same reading. */
  function partsOf(scanId: number): Promise<Parts> {
    const known = parts.get(scanId);
    if (known !== undefined) return known;
    const reading = endedParts(store, scanId);
    parts.set(scanId, reading);
    reading.catch(() => parts.delete(scanId));
    return reading;
  }

  /** A chunk's latest progress replaces the older one; a chunk that has ended stays ended. */
  async function note(scanId: number, chunk: number, value: ScanProgress): Promise<void> {
    const { chunks } = await partsOf(scanId);
    if ((chunks.get(chunk)?.percent ?? 0) < WHOLE) chunks.set(chunk, value);
  }

  /** Progress that arrives while an edit waits is included in that edit. */
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
      await note(scanId, chunk, value);
      await show(scanId);
    },
    async onChunk(scanId, chunk, attempt, result) {
      const scan = await store.scans.byId(scanId);
      if (scan === undefined || isSettled(scan)) return;
      await onStarted(scanId);
      const { xml, outcome, error, notes, identified } = result;
      // Before the chunk is staged; otherwise it would count as ended before a restart.
      const { chunks } = await partsOf(scanId);
      await store.scans.stageChunk(scanId, chunk, attempt, { xml, outcome, ...defined({ error, identified }) });
      for (const text of notes) if (!scan.notes.includes(text)) await store.scans.addNote(scanId, text);
      if (scan.chunkCount === 1) return;
      const known = chunks.get(chunk) ?? { hostsDone: 0, hostsUp: 0, upDone: 0 };
      const { hostsUp } = known;
      const ended =
        outcome === 'complete'
          ? { hostsDone: sizeOf((await store.scans.chunks(scanId))[chunk]), hostsUp, upDone: hostsUp }
          : known;
      await note(scanId, chunk, { ...ended, percent: WHOLE });
      await show(scanId);
    },
    async onScanEnded(scanId) {
      await deps.judge(scanId);
      parts.delete(scanId);
      editedAt.delete(scanId);
      deps.wake();
    },
  };
}

/** The chunks that had ended before the process was started: those that still run report themselves. */
async function endedParts(store: Store, scanId: number): Promise<Parts> {
  const ended = await store.scans.endedChunks(scanId);
  if (ended.length === 0) return { chunks: new Map(), upBefore: 0 };
  const [scan, requests] = [await store.scans.byId(scanId), await store.scans.chunks(scanId)];
  const chunks = ended.map(({ chunk, outcome }): [number, ScanProgress] => {
    const hostsDone = outcome === 'complete' ? sizeOf(requests[chunk]) : 0;
    return [chunk, { hostsDone, hostsUp: 0, upDone: 0, percent: WHOLE }];
  });
  return { chunks: new Map(chunks), upBefore: scan?.underWay?.upEnded ?? 0 };
}

/** In addresses. */
function sizeOf(request: ChunkRequest | undefined): number {
  return request === undefined ? 0 : Number(countAddresses(fromAddressRanges(request.ranges)));
}

/**
 * All chunks weigh the same, whatever they contain. After a restart the chunks that are running are unknown until they
 * report, so progress must not go back; the host count stays the one that belongs to that percentage.
 */
function together(scan: Scan, parts: Parts, at: number) {
  const chunks = [...parts.chunks.values()];
  const done = chunks.reduce((sum, chunk) => sum + chunk.percent, 0) / Math.max(1, scan.chunkCount);
  const [going, ended] = [
    chunks.filter(({ percent }) => percent < WHOLE),
    chunks.filter((one) => one.percent >= WHOLE),
  ];
  const phases = SCAN_PHASES.filter((phase) => going.some((chunk) => chunk.phase === phase));
  const step = going.length === 1 ? going[0]?.step : undefined;
  const percent = Math.min(99, Math.floor(done));
  const before = scan.percent ?? 0;
  const { upDone, ...hosts } = percent < before ? hostsOf(scan) : hostsTogether(parts);
  const upEnded = ended.length === 0 ? undefined : parts.upBefore + total(ended, ({ hostsUp }) => hostsUp);
  return {
    ...hosts,
    chunksDone: ended.length,
    percent: Math.max(before, percent),
    underWay: { phases, done, at, ...defined({ step, upDone, upEnded }) },
  };
}

function hostsOf({ hostsDone, hostsUp, underWay }: Scan) {
  return { hostsDone, hostsUp, upDone: underWay?.upDone };
}

function hostsTogether({ chunks: known, upBefore }: Parts) {
  const chunks = [...known.values()];
  const reported = chunks.every(({ upDone }) => upDone !== undefined);
  return {
    hostsDone: total(chunks, ({ hostsDone }) => hostsDone),
    hostsUp: upBefore + total(chunks, ({ hostsUp }) => hostsUp),
    upDone: reported ? upBefore + total(chunks, ({ upDone = 0 }) => upDone) : undefined,
  };
}

function total(chunks: readonly ScanProgress[], count: (chunk: ScanProgress) => number): number {
  return chunks.reduce((sum, chunk) => sum + count(chunk), 0);
}

function isSettled(scan: Scan): boolean {
  return isOver(scan) && (scan.status !== 'cancelled' || scan.finishedAt !== undefined);
}
