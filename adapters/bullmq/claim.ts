import { Queue as JobQueue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { UserError } from '../../src/core/errors.ts';
import { type Connection, createClient, logErrors } from './connection.ts';
import { JUDGE_QUEUE, KEYS, PREFIX } from './names.ts';

const BATCH = 500;

/**
 * Makes sure that what is queued belongs to this bot's database, whose `instance` is its unique id: scans are known by
 * their numbers, and after a change of database another scan 12 would find the queue's scan 12. What a database that is gone
 * has left is removed; a bot that lives is not robbed: then this throws a UserError. Call it before the workers start. `alone`: no other
 * bot of this database is connected, so whatever one had begun, nobody goes on with it.
 */
export async function claimQueue(options: {
  connection: Connection;
  instance: string;
  log: Logger;
}): Promise<{ alone: boolean }> {
  const { instance, log } = options;
  const redis = createClient(options.connection, log);
  try {
    await redis.set(KEYS.instance, instance, 'NX');
    const owner = await redis.get(KEYS.instance);
    const alone = !(await hasJudge(redis, log));
    if (owner === instance) return { alone };
    if (!alone) {
      throw new UserError('another NetDelta with another database uses this Redis', {
        hint: 'give each its own database number in REDIS_URL, e.g. redis://host:6379/1',
      });
    }
    log.warn('the queue belongs to another database; what is left in it is removed');
    await removeAll(redis);
    await redis.set(KEYS.instance, instance);
    return { alone };
  } finally {
    redis.disconnect();
  }
}

async function hasJudge(redis: Redis, log: Logger): Promise<boolean> {
  const judge = new JobQueue(JUDGE_QUEUE, { connection: redis, prefix: PREFIX });
  logErrors(judge, log, 'judge queue');
  try {
    return (await judge.getWorkersCount()) > 0;
  } finally {
    await judge.close();
  }
}

async function removeAll(redis: Redis): Promise<void> {
  for await (const keys of redis.scanStream({ match: `${PREFIX}:*`, count: BATCH })) {
    if (keys.length > 0) await redis.unlink(keys);
  }
}
