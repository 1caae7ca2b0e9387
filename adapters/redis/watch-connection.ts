import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { RedisConnection } from './redis-handle.ts';

export const USER_NAME = 'netdelta-user';

/** Reconnects for ever, at once if a server of our own comes back within a moment. */
export const RECONNECT: RedisConnection = {
  maxRetriesPerRequest: null,
  retryStrategy: (times) => Math.min(times * 100, 2000),
};

export type Watch = {
  redis: Redis;
  onLost(listener: () => void): void;
  onRestored(listener: () => void): void;
  /** The server is being left: its end is no longer reported. */
  mute(): void;
};

/**
 * One idle connection that reports when the server goes and comes; by its name it also counts as a user of the server.
 */
export async function watchConnection(connection: RedisConnection, log: Logger): Promise<Watch> {
  const redis = new Redis({ ...connection, connectionName: USER_NAME, lazyConnect: true });
  const lost: (() => void)[] = [];
  const restored: (() => void)[] = [];
  redis.on('error', (error) => log.debug({ err: error }, 'redis'));
  await redis.connect();
  let up = true;
  const pings = watchSilence(redis);
  redis.on('close', () => {
    if (!up) return;
    up = false;
    for (const tell of lost) tell();
  });
  redis.on('ready', () => {
    up = true;
    for (const tell of restored) tell();
  });
  return {
    redis,
    onLost: (listener) => lost.push(listener),
    onRestored: (listener) => restored.push(listener),
    mute() {
      clearInterval(pings);
      lost.length = 0;
      restored.length = 0;
    },
  };
}

const PING_EVERY_MS = 5_000;
/** A frozen server closes nothing: only its silence shows it. */
const SILENCE_MS = 15_000;

function watchSilence(redis: Redis): NodeJS.Timeout {
  let askedAt: number | undefined;
  const timer = setInterval(() => {
    if (redis.status !== 'ready') {
      askedAt = undefined;
      return;
    }
    if (askedAt !== undefined) {
      if (performance.now() - askedAt > SILENCE_MS) redis.disconnect(true);
      return;
    }
    askedAt = performance.now();
    const answered = () => {
      askedAt = undefined;
    };
    redis.ping().then(answered, answered);
  }, PING_EVERY_MS);
  return timer.unref();
}
