import { Worker } from 'bullmq';
import type { Logger } from 'pino';
import type { AskedScan, QueueEvents } from '../../src/ports/queue.ts';
import { type Connection, closeWorker, createClient, logErrors, withinCloseLimit } from './connection.ts';
import { dropDeadLocks } from './dead-locks.ts';
import { parseNews } from './messages.ts';
import { CHANNELS, JUDGE_QUEUE } from './names.ts';
import { createNewsReader, createSequences } from './news-reader.ts';
import { createScanTeller } from './scan-teller.ts';
import type { SiteKeys } from './site-keys.ts';
import { TIMING, workerOptions } from './worker-options.ts';

/** A scan whose judgement takes the process down is given up after so many times. */
const CRASHES = 5;
const PAUSE_MS = { first: 1000, longest: 60_000 };

/**
 * Runs in the process that owns the database: tells it what happens to scans. Nothing is lost while it is away: results
 * stay in Redis, and a scan's parent job waits until `onScanEnded` has resolved, which is tried for ever.
 */
export async function startJudgeWorker(options: {
  connection: Connection;
  events: QueueEvents;
  /** What workers say of a scan is believed with the seal of its site only. */
  keyOf: SiteKeys;
  scanOf(scanId: number): Promise<AskedScan | undefined>;
  log: Logger;
  timing?: typeof TIMING;
}): Promise<{ close(): Promise<void> }> {
  const { connection, events, keyOf, scanOf, log, timing = TIMING } = options;
  const redis = createClient(connection, log);
  const teller = createScanTeller({ redis, events, keyOf, scanOf, log });
  const sequences = createSequences();
  const reader = createNewsReader({ events, teller, sequences, scanOf, log });

  await dropDeadLocks(redis, JUDGE_QUEUE, log);
  const news = await subscribeNews(connection, reader, keyOf, log);
  const worker = new Worker<{ scanId: number }>(
    JUDGE_QUEUE,
    ({ data: { scanId } }) =>
      sequences.run(scanId, async () => {
        await teller.tellChunks(scanId);
        await events.onScanEnded(scanId);
      }),
    {
      ...workerOptions(redis, timing),
      // Evidence is judged in the order of scans.
      concurrency: 1,
      maxStalledCount: CRASHES,
      settings: { backoffStrategy: (tries) => Math.min(PAUSE_MS.first * 2 ** (tries - 1), PAUSE_MS.longest) },
    },
  );
  logErrors(worker, log, 'judge worker');
  worker.on('failed', (job, error) => {
    const follows = job?.finishedOn === undefined ? 'trying again' : 'given up';
    log.error({ err: error, scanId: job?.data.scanId }, `scan not judged; ${follows}`);
  });
  worker.on('completed', ({ data: { scanId } }) => {
    // Not before: while the job exists, late news of it must find what is told already.
    reader.forget(scanId);
    teller.forgetScan(scanId).catch((error: unknown) => log.debug({ err: error }, 'keys of a judged scan'));
  });
  await worker.waitUntilReady();

  return {
    async close() {
      news.close();
      await closeWorker(worker);
      await withinCloseLimit(sequences.idle());
      await teller.close();
      redis.disconnect();
    },
  };
}

/** Listens first, then asks for what was missed; and again after each loss of the connection. */
async function subscribeNews(
  connection: Connection,
  reader: ReturnType<typeof createNewsReader>,
  keyOf: SiteKeys,
  log: Logger,
) {
  const subscriber = createClient(connection, log);
  const catchUp = () => reader.catchUp().catch((error: unknown) => log.warn({ err: error }, 'catching up with scans'));
  subscriber.on('message', (_channel, text) => {
    const news = parseNews(text, keyOf);
    if (news) void reader.read(news);
  });
  await subscriber.subscribe(CHANNELS.news);
  await catchUp();
  subscriber.on('ready', () => void catchUp());
  return { close: () => subscriber.disconnect() };
}
