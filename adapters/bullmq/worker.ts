import { type Job, Worker } from 'bullmq';
import { createRuns } from './chunk-run.ts';
import { type Connection, closeWorker, createClient, logErrors } from './connection.ts';
import { dropDeadLocks } from './dead-locks.ts';
import type { SealedJob } from './jobs.ts';
import { watchLocks } from './lock-watch.ts';
import { publishNews } from './messages.ts';
import { chunkQueue } from './names.ts';
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

/** Runs the chunks of a site, at most `concurrency` at once. Closing it ends its nmaps and gives their chunks back. */
export async function startChunkWorker(options: ChunkWorkerOptions): Promise<{ close(): Promise<void> }> {
  const { connection, site, key, concurrency, log, timing = TIMING } = options;
  const authority = { site, key };
  const redis = createClient(connection, log);
  const runs = createRuns();
  await dropDeadLocks(redis, chunkQueue(site), log);
  const worker = new Worker<SealedJob, void>(
    chunkQueue(site),
    async (job, token) => {
      const id = String(job.id);
      const run = runs.begin(id, job.data.scanId);
      locks.begin(id);
      try {
        await processChunk(job, token, run, { ...options, authority, redis });
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
  await worker.waitUntilReady();
  worker.run().catch((error: unknown) => log.error({ err: error }, `worker of ${site} has ended`));

  return {
    async close() {
      const closed = closeWorker(worker);
      runs.close();
      await closed;
      locks.close();
      orders.close();
      redis.disconnect();
    },
  };
}
