import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { UserError } from '../../src/core/errors.ts';
import { lookUp } from '../../src/core/look-up.ts';
import type { RedisConnection, RedisHandle } from './redis-handle.ts';
import { RECONNECT, watchConnection } from './watch-connection.ts';

const CONNECT_LIMIT_MS = 10_000;
/** A port that speaks no TLS answers nothing at all. */
const TLS_LIMIT_MS = 4_000;
/** BullMQ's minimum version. */
const OLDEST = [6, 2] as const;

/** A Redis that others run. Checked completely, once; afterwards a lost connection comes back by itself. */
export async function joinExternalRedis(url: string, log: Logger): Promise<RedisHandle> {
  const target = readUrl(url);
  const where = describe(target);
  const warnings = await check(target, where);
  for (const warning of warnings) log.warn(warning);
  const connection: RedisConnection = { ...target, ...RECONNECT };
  const watch = await watchConnection(connection, log);
  watch.onLost(() => log.warn({ redis: where }, 'Redis cannot be reached; trying again'));
  watch.onRestored(() => log.info({ redis: where }, 'Redis is back'));
  return {
    connection,
    owned: false,
    describe: `Redis at ${where}`,
    warnings,
    onLost: watch.onLost,
    onRestored: watch.onRestored,
    async stop() {
      watch.mute();
      watch.redis.disconnect();
    },
  };
}

/** ioredis parses the URL (redis:, rediss:, user, password, database number); only the parsed parts are passed on. */
function readUrl(url: string): RedisConnection {
  const read = new Redis(url, { lazyConnect: true }).options;
  const target: RedisConnection = {};
  if (read.path) target.path = read.path;
  if (read.host && !read.path) target.host = read.host;
  if (read.port && !read.path) target.port = read.port;
  if (read.username) target.username = read.username;
  if (read.password) target.password = read.password;
  if (read.db) target.db = read.db;
  if (read.tls) target.tls = read.tls;
  return target;
}

function describe({ path, host, port, db }: RedisConnection): string {
  return `${path ?? `${host?.includes(':') ? `[${host}]` : host}:${port}`}${db ? `, database ${db}` : ''}`;
}

async function check(target: RedisConnection, where: string): Promise<string[]> {
  const limit = target.tls === undefined ? CONNECT_LIMIT_MS : TLS_LIMIT_MS;
  const redis = new Redis({
    ...target,
    lazyConnect: true,
    connectTimeout: limit,
    commandTimeout: limit,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  const failures: Error[] = [];
  redis.on('error', (error) => failures.push(error));
  try {
    await redis.connect();
    const info = await redis.info();
    return [...checkPolicy(info, where), ...checkVersion(info, where)];
  } catch (error) {
    throw unreachable(where, failures[0] ?? error, target.tls !== undefined);
  } finally {
    redis.disconnect();
  }
}

function checkPolicy(info: string, where: string): string[] {
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  if (!policy || policy === 'noeviction') return [];
  return [
    `Redis at ${where} has maxmemory-policy ${policy}: it may throw away queued scans; ` +
      'set it to noeviction (redis-cli CONFIG SET maxmemory-policy noeviction, and in redis.conf)',
  ];
}

function checkVersion(info: string, where: string): string[] {
  const version = /^redis_version:(\d+)\.(\d+)/m.exec(info);
  const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
  if (!version || major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return [];
  return [`Redis at ${where} is version ${major}.${minor}; use ${OLDEST.join('.')} or newer`];
}

/** Never the driver's own message: the reason is derived from its code, so that no part of the URL can be in it. */
function unreachable(where: string, error: unknown, tls: boolean): UserError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reply = error instanceof Error ? (/^(NOAUTH|WRONGPASS|NOPERM|LOADING)\b/.exec(error.message)?.[1] ?? '') : '';
  const reason = lookUp(REASONS, reply) ?? lookUp(REASONS, code) ?? (code || 'no answer');
  const silent = tls && (code === 'ETIMEDOUT' || code === '');
  if (silent) {
    return new UserError(`Redis at ${where} cannot be used: it does not answer in TLS`, {
      hint: 'use redis:// if that port has no TLS, or give the port that has it',
    });
  }
  return new UserError(`Redis at ${where} cannot be used: ${reason}`, {
    hint: 'start it or correct REDIS_URL; without REDIS_URL NetDelta starts a Redis of its own',
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ENOENT: 'there is no such socket',
  EACCES: 'this user may not open the socket',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be looked up now',
  ETIMEDOUT: 'no answer in time',
  NOAUTH: 'it wants a password (redis://:PASSWORD@host)',
  WRONGPASS: 'user name or password is wrong',
  NOPERM: 'this user may not do what is needed',
  LOADING: 'it is still loading its data; try again in a moment',
};
