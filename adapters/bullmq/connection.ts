import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';

/** How to reach Redis; clients made with it wait and reconnect for ever. */
export type Connection = Pick<
  RedisOptions,
  | 'path'
  | 'host'
  | 'port'
  | 'username'
  | 'password'
  | 'db'
  | 'tls'
  | 'maxRetriesPerRequest'
  | 'retryStrategy'
  | 'connectionName'
  | 'commandTimeout'
>;

export function createClient(connection: Connection, log: Logger): Redis {
  const redis = new Redis(connection);
  logErrors(redis, log, 'redis client');
  return redis;
}

const CLOSE_LIMIT_MS = 10_000;

/** Lets its jobs finish. Without Redis they cannot; their locks then expire, and they are started again. */
export const closeWorker = (worker: Worker) => withinCloseLimit(worker.close());

export async function withinCloseLimit(closed: Promise<unknown>): Promise<void> {
  await Promise.race([closed, sleep(CLOSE_LIMIT_MS, undefined, { ref: false })]);
}

type Emitter = { on(event: 'error', listener: (error: Error) => void): unknown };

/**
 * An error without a listener ends the process. A lost connection is reported once, by its watcher; here it is a
 * detail.
 */
export function logErrors(emitter: Emitter, log: Logger, what: string): void {
  emitter.on('error', (error) => {
    if (isConnectionError(error)) log.debug({ err: error }, what);
    else log.warn({ err: error }, what);
  });
}

const LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);

function isConnectionError(error: Error): boolean {
  return ('code' in error && LOST.has(String(error.code))) || error.message === 'Connection is closed.';
}
