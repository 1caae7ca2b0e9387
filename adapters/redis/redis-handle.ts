import type { RedisOptions } from 'ioredis';

export type RedisConnection = Pick<
  RedisOptions,
  'path' | 'host' | 'port' | 'username' | 'password' | 'db' | 'tls' | 'maxRetriesPerRequest' | 'retryStrategy'
>;

export type RedisHandle = {
  /** For ioredis and BullMQ: every client made with it reconnects for ever, and queues its commands meanwhile. */
  connection: RedisConnection;
  /** It is NetDelta's own server. */
  owned: boolean;
  /** Which Redis this is, without its password. */
  describe: string;
  /** What is wrong with it although it works, and how to fix it; already logged. */
  warnings: readonly string[];
  /** Called whenever the server is gone or unreachable. A server of our own is started again automatically. */
  onLost(listener: () => void): void;
  /** Called when it is back. The last second of writes may be missing: compare it with the database. */
  onRestored(listener: () => void): void;
  /** Leaves the server; the last user of a private one stops it. Close queues and workers first. */
  stop(): Promise<void>;
};
