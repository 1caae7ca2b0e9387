import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Claim, claimQueue } from '../../adapters/bullmq/claim.ts';
import type { Connection } from '../../adapters/bullmq/connection.ts';
import { createQueue } from '../../adapters/bullmq/queue.ts';
import { ownSecret, type SiteKeys, siteKeys } from '../../adapters/bullmq/site-keys.ts';
import { endOrphans, runsDirectory } from '../../adapters/nmap/orphans.ts';
import { lockDataDir } from '../../adapters/redis/data-lock.ts';
import { ensureRedis } from '../../adapters/redis/ensure-redis.ts';
import type { Config } from '../config.ts';
import type { Queue } from '../ports/queue.ts';
import type { Store } from '../ports/store.ts';
import { openDatabase } from './database.ts';

/** A normal shutdown takes far less; a server that is away must not hold it up. */
const CLOSE_ALL_WITHIN_MS = 10_000;
/** What is closed late, such as the database, still gets its turn. */
const LEAST_CLOSE_MS = 500;

/** Closes what was opened, in reverse order, within about ten seconds. */
export type Closers = { add(close: () => Promise<unknown>): void; closeAll(): Promise<void> };

export type Foundation = {
  store: Store;
  queue: Queue;
  connection: Connection;
  /** The keys with which the bot and the workers of a site sign jobs and results. */
  keyOf: SiteKeys;
  /** Distinguishes this bot's messages and jobs from another's. */
  instance: string;
  /** Distinguishes this process from another bot on the same database. */
  bot: string;
  claim: Claim;
  /** Called for each site for which scans are added. */
  onSite(listener: (site: string) => void): void;
  /** The queue's server is back, possibly without its last second of writes. */
  onQueueRestored(listener: () => void): void;
};

export function createClosers(log: Logger): Closers {
  const closers: (() => Promise<unknown>)[] = [];
  return {
    add: (close) => void closers.push(close),
    async closeAll() {
      const deadline = performance.now() + CLOSE_ALL_WITHIN_MS;
      for (const close of closers.splice(0).reverse()) {
        const limit = Math.max(LEAST_CLOSE_MS, deadline - performance.now());
        const closed = close().catch((error: unknown) => log.warn({ err: error }, 'did not stop cleanly'));
        const isLate = await Promise.race([closed, sleep(limit, 'late', { ref: false })]);
        if (isLate === 'late') log.warn({ after_ms: Math.round(limit) }, 'something does not stop; it is left behind');
      }
    },
  };
}

/** The basis of everything else: the data directory is locked, the database up to date, the queue open. */
export async function openFoundation(config: Config, log: Logger, closers: Closers): Promise<Foundation> {
  const lock = await lockDataDir(config.dataDir);
  closers.add(() => lock.release());
  const orphans = endOrphans(runsDirectory(config.dataDir));
  if (orphans > 0) log.warn({ orphans }, 'nmaps that a crash had left were ended');
  const store = await openDatabase(config);
  closers.add(() => store.close());
  await store.migrate();
  const redis = await ensureRedis({ url: config.redisUrl, dataDir: config.dataDir, log });
  closers.add(() => redis.stop());
  const { connection } = redis;
  const instance = await instanceId(store);
  const keyOf = siteKeys(config.workerSecret ?? (await ownSecret(config.dataDir)));
  const claim = await claimQueue({ connection, instance, keyOf, log });
  closers.add(async () => claim.close());
  // Messages that a dead bot was sending would block their channels until its lease ends.
  if (claim.alone) await store.messages.releaseClaims();
  // The clock may have been ahead when this bot was stopped.
  await store.messages.hasten(Date.now());
  const queue = createQueue({ connection, keyOf, log, limits: config.siteLimits ?? {} });
  closers.add(() => queue.close());
  const bot = `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`;
  const { onSite } = queue;
  return { store, queue, connection, keyOf, instance, bot, claim, onSite, onQueueRestored: redis.onRestored };
}

async function instanceId({ settings }: Store): Promise<string> {
  return (await settings.get('instance-id')) ?? settings.initial('instance-id', randomBytes(4).toString('hex'));
}
