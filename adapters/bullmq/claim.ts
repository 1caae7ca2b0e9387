import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { UserError } from '../../src/core/errors.ts';
import { connectedWorkers } from './connected-workers.ts';
import { type Connection, createClient } from './connection.ts';
import { checkKey, writeProof } from './key-proof.ts';
import { isJudgeQueue, KEYS, LAYOUT, PREFIX } from './names.ts';
import type { SiteKeys } from './site-keys.ts';

const BATCH = 500;
/** The name of the connection by which bots recognise each other. */
const BOT_NAME = 'netdelta-bot';

export type Claim = {
  /** No other bot of this database is connected, so nobody continues what one had begun. */
  alone: boolean;
  /** Writes again what a Redis that was emptied has lost: its owner, and the sites. Throws like `claimQueue`. */
  keep(sites: readonly string[]): Promise<void>;
  close(): void;
};

/**
 * Makes sure that the queue belongs to this bot's database, whose `instance` is its unique id: scans are known by their
 * numbers, and after a change of database another scan 12 would find the queue's scan 12. Jobs of a database that is
 * gone are removed; if its bot is still alive, this throws a UserError instead. Call it before the workers start. The
 * connection stays open, so that bots which start at the same moment see each other.
 */
export async function claimQueue(options: {
  connection: Connection;
  instance: string;
  keyOf: SiteKeys;
  log: Logger;
}): Promise<Claim> {
  const { log, keyOf } = options;
  const instance = `${options.instance}.${LAYOUT}`;
  const redis = createClient({ ...options.connection, connectionName: BOT_NAME }, log);
  try {
    const alone = (await countBots(redis)) <= 1;
    if ((await ownerOf(redis, instance)) !== instance) {
      if (await hasJudge(redis)) throw foreign();
      log.warn('the queue belongs to another database or version; what is left in it is removed');
      await removeAll(redis);
      await redis.set(KEYS.instance, instance);
    }
    return {
      alone,
      async keep(sites) {
        if ((await ownerOf(redis, instance)) !== instance) throw foreign();
        if (sites.length > 0) await redis.sadd(KEYS.sites, ...sites);
        for (const site of sites) await prove(redis, site, keyOf(site));
      },
      close: () => redis.disconnect(),
    };
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

/** Two bots with different secrets would keep refusing each other's jobs and results. */
async function prove(redis: Redis, site: string, key: string): Promise<void> {
  const authority = { site, key };
  const known = await checkKey(redis, authority);
  if (known === 'right') return;
  if (known === 'wrong' && (await countBots(redis)) > 1) throw otherSecret();
  await writeProof(redis, authority);
}

function otherSecret(): UserError {
  return new UserError('another bot on this Redis has another secret for its workers', {
    hint: 'give both the same NETDELTA_WORKER_SECRET, or each its own database number in REDIS_URL, e.g. redis://host:6379/1',
  });
}

async function ownerOf(redis: Redis, instance: string): Promise<string | null> {
  await redis.set(KEYS.instance, instance, 'NX');
  return redis.get(KEYS.instance);
}

function foreign(): UserError {
  return new UserError('another NetDelta with another database uses this Redis', {
    hint: 'give each its own database number in REDIS_URL, e.g. redis://host:6379/1',
  });
}

async function countBots(redis: Redis): Promise<number> {
  const db = redis.options.db ?? 0;
  const clients = String(await redis.client('LIST')).split('\n');
  return clients.filter((line) => line.includes(` name=${BOT_NAME} `) && line.includes(` db=${db} `)).length;
}

async function hasJudge(redis: Redis): Promise<boolean> {
  return [...(await connectedWorkers(redis)).keys()].some(isJudgeQueue);
}

async function removeAll(redis: Redis): Promise<void> {
  for await (const keys of redis.scanStream({ match: `${PREFIX}:*`, count: BATCH })) {
    if (keys.length > 0) await redis.unlink(keys);
  }
}
