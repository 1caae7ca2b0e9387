import type { Logger } from 'pino';
import type { AskedScan, QueueEvents } from '../../src/ports/queue.ts';
import type { ScanProgress } from '../../src/ports/scanner.ts';
import type { News } from './messages.ts';
import type { ScanTeller } from './scan-teller.ts';

/** Runs tasks of the same key one after the other, tasks of different keys side by side. */
export function createSequences() {
  const tails = new Map<number, Promise<unknown>>();
  return {
    run<T>(key: number, task: () => Promise<T>): Promise<T> {
      const done = (tails.get(key) ?? Promise.resolve()).then(task, task);
      tails.set(key, done);
      const forget = () => tails.get(key) === done && tails.delete(key);
      done.then(forget, forget);
      return done;
    },
    idle: () => Promise.allSettled(tails.values()),
  };
}

/**
 * Passes on what workers tell while a scan runs. All of it is haste: a failure is logged and what it was about is told
 * again before the scan is judged. Events of one scan are told one at a time; of progress only the newest.
 */
export function createNewsReader(options: {
  events: QueueEvents;
  teller: ScanTeller;
  sequences: ReturnType<typeof createSequences>;
  scanOf(scanId: number): Promise<AskedScan | undefined>;
  log: Logger;
}) {
  const { events, teller, sequences, scanOf, log } = options;
  const scans = new Map<number, Promise<AskedScan | undefined>>();
  const started = new Set<number>();
  const progress = new Map<string, ScanProgress>();
  const dirty = new Set<number>();

  /** Asked once for all that comes of a scan, so that its news stays in order. */
  async function known(scanId: number): Promise<AskedScan | undefined> {
    const asking = scans.get(scanId) ?? scanOf(scanId).catch(() => undefined);
    scans.set(scanId, asking);
    const found = await asking;
    if (found === undefined) scans.delete(scanId);
    return found;
  }

  const haste = (scanId: number, task: () => Promise<void>) =>
    void sequences
      .run(scanId, task)
      .catch((error: unknown) => log.warn({ err: error, scanId }, 'the end of a scan is reported later'));

  const tellStarted = (scanId: number) => {
    if (started.has(scanId)) return;
    started.add(scanId);
    haste(scanId, () =>
      events.onStarted(scanId).catch((error: unknown) => {
        started.delete(scanId);
        throw error;
      }),
    );
  };
  const tellProgress = (scanId: number, chunk: number, latest: ScanProgress) => {
    const key = `${scanId} ${chunk}`;
    const isWaiting = progress.has(key);
    progress.set(key, latest);
    if (isWaiting) return;
    haste(scanId, async () => {
      const newest = progress.get(key) ?? latest;
      progress.delete(key);
      await events.onProgress(scanId, chunk, newest);
    });
  };
  const tellEnded = (scanId: number) => {
    if (dirty.has(scanId)) return;
    dirty.add(scanId);
    haste(scanId, () => {
      dirty.delete(scanId);
      return teller.tellResults(scanId);
    });
  };

  return {
    /** News from a worker of `site`, which speaks for its own scans and their chunks only. */
    async read({ site, news }: { site: string; news: News }): Promise<void> {
      const scan = await known(news.scanId);
      if (scan?.site !== site || (news.type === 'progress' && scan.chunks[news.chunk] === undefined)) return;
      if (news.type === 'started') tellStarted(news.scanId);
      else if (news.type === 'progress') tellProgress(news.scanId, news.chunk, news.progress);
      else tellEnded(news.scanId);
    },
    /** What was missed of a site while nobody listened. */
    async catchUp(site: string): Promise<void> {
      for (const scan of await teller.unfinished(site)) {
        if ((await known(scan.scanId))?.site !== site) continue;
        if (scan.hasStarted) tellStarted(scan.scanId);
        tellEnded(scan.scanId);
      }
    },
    forget(scanId: number): void {
      started.delete(scanId);
      scans.delete(scanId);
    },
  };
}
