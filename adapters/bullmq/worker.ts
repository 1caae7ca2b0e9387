import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { createRuns } from './chunk-run.ts';
import { type Connection, closeWorker, createClient, logErrors } from './connection.ts';
import { dropDeadLocks } from './dead-locks.ts';
import type { SealedJob } from './jobs.ts';
import { watchLocks } from './lock-watch.ts';
import { type EndedChunk, publishNews } from './messages.ts';
import { chunkQueue, KEYS } from './names.ts';
import { watchOrders } from './orders.ts';
import { type ChunkTools, processChunk } from './process-chunk.ts';
import { TIMING, workerOptions } from './worker-options.ts';

/** How often a chunk may take its worker down with it before it is given up. */
const CRASHES = 2;

export type ChunkWorkerOptions = Omit<ChunkTools, 'redis' | 'authority'> & {
  connection: Connection;
  site: string;
  /** The site's key, see site-keys.ts. */
  key: string;
  concurrency: number;
  timing?: typeof TIMING;
};

/** A Redis that was emptied hears again of the site within this. */
const PRESENT_EVERY_MS = 10_000;

/** Runs the chunks of a site, at most `concurrency` at once. Closing it ends its nmaps and gives their chunks back. */
export async function startChunkWorker(options: ChunkWorkerOptions): Promise<{ close(): Promise<void> }> {
  const { connection, site, key, concurrency, log, timing = TIMING } = options;
  const authority = { site, key };
  const redis = createClient(connection, log);
  const runs = createRuns();
  await dropDeadLocks(redis, chunkQueue(site), log);
  const worker = new Worker<SealedJob, EndedChunk>(
    chunkQueue(site),
    async (job, token) => {
      const id = String(job.id);
      const run = runs.begin(id, job.data.scanId);
      locks.begin(id);
      try {
        return await processChunk(job, token, run, { ...options, authority, redis });
      } finally {
        runs.finish(id);
        locks.finish(id);
      }
    },
    { ...workerOptions(redis, timing), concurrency, maxStalledCount: CRASHES, autorun: false },
  );
  logErrors(worker, log, `worker of ${site}`);
  const locks = watchLocks(worker, timing.lockMs, runs.lose);
  const orders = watchOrders({ connection, redis, log, authority, runs });
  const tellEnd = (job: Job<SealedJob> | undefined) => {
    if (job) publishNews(redis, log, authority, { type: 'ended', scanId: job.data.scanId });
  };
  worker.on('completed', tellEnd);
  worker.on('failed', tellEnd);
  const present = keepPresent(redis, site, log);
  await Promise.all([worker.waitUntilReady(), redis.sadd(KEYS.sites, site)]);
  worker.run().catch((error: unknown) => log.error({ err: error }, `worker of ${site} has ended`));

  return {
    async close() {
      clearInterval(present);
      const closed = closeWorker(worker);
      runs.close();
      await closed;
      locks.close();
      orders.close();
      redis.disconnect();
    },
  };
}

function keepPresent(redis: Redis, site: string, log: Logger): NodeJS.Timeout {
  return setInterval(() => {
    if (redis.status !== 'ready') return;
    redis.sadd(KEYS.sites, site).catch((error: unknown) => log.debug({ err: error }, 'site not noted'));
  }, PRESENT_EVERY_MS);
}
