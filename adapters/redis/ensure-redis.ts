import type { Logger } from 'pino';
import { joinExternalRedis } from './external-redis.ts';
import { joinPrivateRedis } from './private-redis.ts';
import type { RedisHandle } from './redis-handle.ts';

/**
 * The Redis at `url`, or NetDelta's own one in the data directory, which is started unless it is already running. With
 * `mayStart: false` (a worker beside a bot) a private one must be running. Throws a UserError when there is none.
 */
export function ensureRedis(options: {
  url?: string | undefined;
  dataDir: string;
  log: Logger;
  mayStart?: boolean;
}): Promise<RedisHandle> {
  const { url, dataDir, log } = options;
  return url ? joinExternalRedis(url, log) : joinPrivateRedis(dataDir, log, options.mayStart ?? true);
}
