import { mkdir, realpath, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { UserError } from '../../src/core/errors.ts';
import { type FileLock, takeFileLock } from './file-lock.ts';
import { startGuard } from './guard.ts';
import { probe } from './probe.ts';
import type { RedisConnection, RedisHandle } from './redis-handle.ts';
import { hasEnded, isRunning, startServer } from './redis-server.ts';
import { socketPath } from './socket-path.ts';
import { RECONNECT, USER_NAME, type Watch, watchConnection } from './watch-connection.ts';

const LOCK_WAIT_MS = 90_000;
const STOP_WAIT_MS = 10_000;
const RESTART_PAUSE_MS = { first: 200, longest: 30_000 };

type Place = { redisDir: string; socket: string };

/**
 * NetDelta's own Redis, in the data directory. Joining, starting and stopping it happen under one lock, so that no
 * process starts a second server on the same files and none joins one that is being stopped.
 */
export async function joinPrivateRedis(dataDir: string, log: Logger, mayStart: boolean): Promise<RedisHandle> {
  const place = await makePlace(resolve(dataDir));
  const connection: RedisConnection = { ...RECONNECT, path: place.socket };
  const guard = startGuard(resolve(dataDir));
  const watch = await locked(place, async () => {
    await ensureServer(place, log, mayStart);
    return watchConnection(connection, log);
  }).catch((error: unknown) => {
    guard.dismiss();
    throw error;
  });
  const ending = new AbortController();
  if (mayStart) watch.onLost(() => void heal(place, log, ending.signal));
  return {
    connection,
    owned: true,
    describe: `private Redis on ${place.socket}`,
    warnings: [],
    onLost: watch.onLost,
    onRestored: watch.onRestored,
    async stop() {
      if (ending.signal.aborted) return;
      ending.abort();
      watch.mute();
      await locked(place, () => leave(place, watch, log));
      guard.dismiss();
    },
  };
}

/** On behalf of a process that was killed: stops the server if nobody else uses it. */
export async function leavePrivateRedis(dataDir: string, log: Logger): Promise<void> {
  const place = await findPlace(dataDir);
  await locked(place, async () => {
    if ((await probe(place.socket)) === 'absent') return;
    const watch = await watchConnection({ ...RECONNECT, path: place.socket }, log);
    watch.mute();
    await leave(place, watch, log);
  });
}

async function makePlace(dataDir: string): Promise<Place> {
  await mkdir(join(dataDir, 'redis'), { recursive: true, mode: 0o700 });
  return findPlace(dataDir);
}

async function findPlace(dataDir: string): Promise<Place> {
  const redisDir = await realpath(join(dataDir, 'redis'));
  return { redisDir, socket: await socketPath(redisDir, 'redis.sock') };
}

async function locked<T>(place: Place, work: () => Promise<T>): Promise<T> {
  const lock: FileLock | undefined = await takeFileLock(join(place.redisDir, 'server.lock'), LOCK_WAIT_MS);
  if (!lock)
    throw new UserError(`another process has been starting or stopping Redis in ${place.redisDir} for too long`);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

async function ensureServer(place: Place, log: Logger, mayStart: boolean): Promise<void> {
  if (!mayStart) {
    if (await isRunning(place.redisDir, place.socket, { endStray: false })) return;
    throw new UserError(`no bot runs on the data directory ${dirname(place.redisDir)}, so there is no queue to join`, {
      hint: 'start `netdelta bot` there first, or set REDIS_URL to the Redis that the bot uses',
    });
  }
  if (await isRunning(place.redisDir, place.socket, { endStray: true })) {
    log.info({ socket: place.socket }, 'private Redis joined');
    return;
  }
  await startServer(place.redisDir, place.socket);
  log.info({ socket: place.socket }, 'private Redis started');
}

/** The server was killed: starts it again from its append-only file; every client reconnects by itself. */
async function heal(place: Place, log: Logger, ending: AbortSignal): Promise<void> {
  log.warn({ socket: place.socket }, 'private Redis is gone; starting it again');
  for (let pause = RESTART_PAUSE_MS.first; !ending.aborted; pause = Math.min(pause * 2, RESTART_PAUSE_MS.longest)) {
    try {
      await locked(place, async () => {
        if (!ending.aborted) await ensureServer(place, log, true);
      });
      return;
    } catch (error) {
      log.error({ err: error }, 'private Redis does not start');
      await sleep(pause, undefined, { signal: ending, ref: false }).catch(() => undefined);
    }
  }
}

async function leave(place: Place, watch: Watch, log: Logger): Promise<void> {
  const redis = watch.redis;
  // From now on a lost connection stays lost, and commands to a dead server fail.
  redis.options.retryStrategy = () => null;
  redis.options.maxRetriesPerRequest = 0;
  try {
    if (redis.status !== 'ready' || (await countUsers(watch)) > 1) return;
    // The reply is the end of the connection. The append-only file is written before that.
    const gone = new Promise((done) => redis.once('end', done));
    redis.call('SHUTDOWN').catch(() => undefined);
    await Promise.race([gone, sleep(STOP_WAIT_MS, undefined, { ref: false })]);
    if (!(await hasEnded(place.redisDir))) log.warn({ socket: place.socket }, 'private Redis does not stop');
    if (dirname(place.socket) !== place.redisDir) await rmdir(dirname(place.socket)).catch(() => undefined);
  } catch (error) {
    log.warn({ err: error }, 'private Redis could not be stopped');
  } finally {
    // If it has already ended, disconnecting would wait two seconds for nothing.
    if (redis.status !== 'end') redis.disconnect();
  }
}

async function countUsers({ redis }: Watch): Promise<number> {
  const clients = String(await redis.client('LIST'));
  return clients.split('\n').filter((line) => line.includes(` name=${USER_NAME} `)).length;
}
