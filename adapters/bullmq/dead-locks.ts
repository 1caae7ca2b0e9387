import { Queue as JobQueue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { logErrors } from './connection.ts';
import { PREFIX } from './names.ts';

/**
 * If no worker is connected, the holders of a queue's jobs are dead, and the next worker need not wait for their locks
 * to expire. A worker that was only cut off finds its lock gone and gives its job up, as it would have to anyway. Call
 * it before a worker starts.
 */
export async function dropDeadLocks(redis: Redis, name: string, log: Logger): Promise<void> {
  const queue = new JobQueue(name, { connection: redis, prefix: PREFIX, skipVersionCheck: true });
  logErrors(queue, log, `queue ${name}`);
  try {
    if ((await queue.getWorkersCount()) > 0) return;
    const held = (await queue.getJobs(['active'])).map((job) => String(job.id));
    if (held.length === 0) return;
    log.info({ queue: name, jobs: held.length }, 'jobs of workers that died are taken up');
    await redis.del(held.map((id) => `${queue.toKey(id)}:lock`));
    // BullMQ would notice it after two checks; with this the first one does.
    await redis.sadd(queue.toKey('stalled'), held);
    await redis.del(queue.toKey('stalled-check'));
  } finally {
    await queue.close();
  }
}
