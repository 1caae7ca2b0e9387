import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq';
import type { Logger } from 'pino';
import type { AskedScan, QueueEvents } from '../../src/ports/queue.ts';
import { type Connection, closeWorker, createClient, logErrors, withinCloseLimit } from './connection.ts';
import { dropDeadLocks } from './dead-locks.ts';
import { parseNews } from './messages.ts';
import { CHANNELS, judgeQueue } from './names.ts';
import { createNewsReader, createSequences } from './news-reader.ts';
import { createScanTeller, type ScanTeller } from './scan-teller.ts';
import type { SiteKeys } from './site-keys.ts';
import { openSiteQueues, type SiteQueues } from './site-queues.ts';
import { TIMING, workerOptions } from './worker-options.ts';

/** A scan whose judgement crashes the process is given up after this many crashes. */
const CRASHES = 5;
const PAUSE_MS = { first: 1000, longest: 60_000 };
/** If a scan is said to have ended while its chunks still run, it is checked again after this time. */
const STILL_RUNS_MS = 2000;

export type JudgeOptions = {
  connection: Connection;
  events: QueueEvents;
  /** Reports from workers about a scan are only accepted with the seal of its site. */
  keyOf: SiteKeys;
  scanOf(scanId: number): Promise<AskedScan | undefined>;
  /** The sites for which scans are added. */
  onSite: SiteQueues['onSite'];
  log: Logger;
  timing?: typeof TIMING;
};

/**
 * Runs in the process that owns the database, and reports to it what happens to scans. Nothing is lost while it is
 * away: results stay in Redis, and a scan's parent job waits until `onScanEnded` has resolved, which is retried for
 * ever.
 */
export async function startJudgeWorker(options: JudgeOptions): Promise<{ close(): Promise<void> }> {
  const { connection, keyOf, log } = options;
  const redis = createClient(connection, log);
  const queues = openSiteQueues(redis, log);
  const teller = createScanTeller({ ...options, redis, queues });
  const sequences = createSequences();
  const reader = createNewsReader({ ...options, teller, sequences });
  // Across all sites one at a time: evidence is judged in the order of scans.
  const turns = createSequences();
  const judge = judgement(options, teller, (scanId, task) => turns.run(0, () => sequences.run(scanId, task)));
  const workers = new Map<string, Worker<{ scanId: number }>>();

  async function open(site: string): Promise<void> {
    if (workers.has(site)) return;
    const worker = createWorker(options, redis, site, judge);
    workers.set(site, worker);
    worker.on('completed', ({ data: { scanId } }) => {
      // Not earlier: while the job exists, a late report about it must be recognised as already handled.
      reader.forget(scanId);
      teller.forgetScan({ site, scanId }).catch((error: unknown) => log.debug({ err: error }, 'keys of a judged scan'));
    });
    await dropDeadLocks(redis, judgeQueue(site), log);
    await reader.catchUp(site);
    if (!isClosing) worker.run().catch((error: unknown) => log.error({ err: error }, `judge of ${site} has ended`));
  }

  const late = (error: unknown) => log.warn({ err: error }, 'catching up with scans');
  let isClosing = false;
  const news = await subscribeNews(connection, reader, keyOf, log, () => [...workers.keys()]);
  const opening: Promise<void>[] = [];
  options.onSite((site) => {
    if (!isClosing) opening.push(open(site).catch(late));
  });
  await Promise.all(opening.splice(0));

  return {
    async close() {
      isClosing = true;
      news.close();
      await Promise.all([...workers.values()].map(closeWorker));
      await withinCloseLimit(sequences.idle());
      await withinCloseLimit(queues.close());
      redis.disconnect();
    },
  };
}

type Judge = (site: string, job: Job<{ scanId: number }>, token: string | undefined) => Promise<void>;

function judgement(
  { events, scanOf, log }: JudgeOptions,
  teller: ScanTeller,
  inTurn: (scanId: number, task: () => Promise<void>) => Promise<void>,
): Judge {
  return async (site, job, token) => {
    const scanId = job.data?.scanId;
    if (!Number.isSafeInteger(scanId)) throw new UnrecoverableError('it names no scan');
    await inTurn(scanId, async () => {
      const asked = await scanOf(scanId);
      if (asked !== undefined && asked.site !== site) {
        log.error({ scanId, site }, 'a site said that a scan of another site has ended; that is not believed');
        return;
      }
      if (await teller.tellRest(scanId)) {
        // A Redis that was emptied meanwhile has lost results too: the scan would seem to have none.
        if ((await job.getState()) !== 'active')
          throw new Error('the queue has forgotten this scan; it is put in again');
        return await events.onScanEnded(scanId);
      }
      log.warn({ scanId }, 'a scan is said to have ended, and parts of it still run; it waits for them');
      await job.moveToDelayed(Date.now() + STILL_RUNS_MS, token);
      throw new DelayedError();
    });
  };
}

function createWorker(
  { log, timing = TIMING }: JudgeOptions,
  redis: ReturnType<typeof createClient>,
  site: string,
  judge: Judge,
): Worker<{ scanId: number }> {
  const worker = new Worker<{ scanId: number }>(judgeQueue(site), (job, token) => judge(site, job, token), {
    ...workerOptions(redis, timing),
    autorun: false,
    concurrency: 1,
    maxStalledCount: CRASHES,
    settings: { backoffStrategy: (tries) => Math.min(PAUSE_MS.first * 2 ** (tries - 1), PAUSE_MS.longest) },
  });
  logErrors(worker, log, `judge worker of ${site}`);
  worker.on('failed', (job, error) => {
    const follows = job?.finishedOn === undefined ? 'trying again' : 'given up';
    log.error({ err: error, scanId: job?.data.scanId }, `scan not judged; ${follows}`);
  });
  return worker;
}

/** Subscribes first, then asks for what was missed, after each loss of the connection. */
async function subscribeNews(
  connection: Connection,
  reader: ReturnType<typeof createNewsReader>,
  keyOf: SiteKeys,
  log: Logger,
  sites: () => string[],
) {
  const subscriber = createClient(connection, log);
  const catchUp = async (): Promise<void> => {
    for (const site of sites()) {
      await reader.catchUp(site).catch((error: unknown) => log.warn({ err: error }, 'catching up with scans'));
    }
  };
  subscriber.on('message', (_channel, text) => {
    const news = parseNews(text, keyOf);
    if (news) void reader.read(news);
  });
  await subscriber.subscribe(CHANNELS.news);
  subscriber.on('ready', () => void catchUp());
  return { close: () => subscriber.disconnect() };
}
