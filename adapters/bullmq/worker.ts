import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { createRuns } from './chunk-run.ts';
import { type Connection, closeWorker, createClient, logErrors } from './connection.ts';
import { dropDeadLocks } from './dead-locks.ts';
import type { SealedJob } from './jobs.ts';
import { checkKey, noteRefused, wrongKey } from './key-proof.ts';
import { watchLocks } from './lock-watch.ts';
import { publishNews } from './messages.ts';
import { chunkQueue } from './names.ts';
import { watchOrders } from './orders.ts';
import { createPermitReader } from './permits.ts';
import { type ChunkTools, processChunk } from './process-chunk.ts';
import type { Authority } from './seals.ts';
import { TIMING, workerOptions } from './worker-options.ts';

/** How often a chunk may crash its worker before it is given up. */
const CRASHES = 2;
/** How often a worker with a wrong key checks whether it is right by now. */
const LOOK_EVERY_MS = 15_000;

export type ChunkWorkerOptions = Omit<ChunkTools, 'redis' | 'authority' | 'readPermit' | 'onWrongKey'> & {
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
  const readPermit = createPermitReader(authority);
  await refuseWrongKey(redis, authority);
  await dropDeadLocks(redis, chunkQueue(site), log);
  const worker = new Worker<SealedJob, void>(
    chunkQueue(site),
    async (job, token) => {
      const id = String(job.id);
      const run = runs.begin(id, job.data.scanId);
      locks.begin(id);
      try {
        await processChunk(job, token, run, { ...options, authority, redis, readPermit, onWrongKey: idle.begin });
      } finally {
        runs.finish(id);
        locks.finish(id);
      }
    },
    { ...workerOptions(redis, timing), concurrency, maxStalledCount: CRASHES, autorun: false },
  );
  logErrors(worker, log, `worker of ${site}`);
  const idle = idleWithWrongKey(worker, redis, authority, log);
  const locks = watchLocks(worker, timing.lockMs, runs.lose);
  const orders = watchOrders({ connection, redis, log, authority, readPermit, runs });
  const tellEnd = (job: Job<SealedJob> | undefined) => {
    if (job) publishNews(redis, log, authority, { type: 'ended', scanId: job.data.scanId });
  };
  worker.on('completed', tellEnd);
  worker.on('failed', tellEnd);
  await worker.waitUntilReady();
  worker.run().catch((error: unknown) => log.error({ err: error }, `worker of ${site} has ended`));

  return {
    async close() {
      idle.close();
      const closed = closeWorker(worker);
      runs.close();
      await closed;
      locks.close();
      orders.close();
      redis.disconnect();
    },
  };
}

async function refuseWrongKey(redis: Redis, authority: Authority): Promise<void> {
  if ((await checkKey(redis, authority)) !== 'wrong') return;
  await noteRefused(redis, authority.site);
  redis.disconnect();
  throw wrongKey(authority.site);
}

/** While its key is not the bot's, the worker takes no jobs and reports that. */
function idleWithWrongKey(worker: Worker, redis: Redis, authority: Authority, log: Logger) {
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    if ((await checkKey(redis, authority)) === 'wrong') return noteRefused(redis, authority.site);
    clearInterval(timer);
    timer = undefined;
    worker.resume();
  }

  return {
    async begin(): Promise<void> {
      if (timer !== undefined) return;
      const { message, hint } = wrongKey(authority.site);
      log.error({ hint }, message);
      timer = setInterval(() => void look().catch((error: unknown) => log.debug({ err: error }, 'key')), LOOK_EVERY_MS);
      await worker.pause(true);
      await noteRefused(redis, authority.site);
    },
    close: () => clearInterval(timer),
  };
}
