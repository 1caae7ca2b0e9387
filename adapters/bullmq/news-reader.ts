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
 * Passes on workers' reports while a scan runs. They only speed things up: a failure is logged, and its subject is
 * reported again before the scan is judged. Events of one scan are passed on one at a time; of progress only the
 * newest.
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

  /** Read once for all reports on a scan, so that they stay in order. */
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
    /** A report from a worker of `site`, which may only report on its own scans and their chunks. */
    async read({ site, news }: { site: string; news: News }): Promise<void> {
      const scan = await known(news.scanId);
      if (scan?.site !== site || (news.type === 'progress' && scan.chunks[news.chunk] === undefined)) return;
      if (news.type === 'started') tellStarted(news.scanId);
      else if (news.type === 'progress') tellProgress(news.scanId, news.chunk, news.progress);
      else tellEnded(news.scanId);
    },
    /** Catches up on a site's results that were missed while nobody listened. */
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
