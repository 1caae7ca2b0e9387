import type { Logger } from 'pino';
import { knownSecret, ownSecret, siteKeys } from '../../adapters/bullmq/site-keys.ts';
import { startChunkWorker } from '../../adapters/bullmq/worker.ts';
import { createScanner } from '../../adapters/nmap/scanner.ts';
import { ensureRedis } from '../../adapters/redis/ensure-redis.ts';
import type { Config } from '../config.ts';
import { UserError } from '../core/errors.ts';
import { authoriseChunk } from './authorise.ts';
import { scansAtOnce } from './scans-at-once.ts';

/** Without REDIS_URL it joins the private Redis of a bot that runs on this data directory; it never starts one. */
export async function startWorker(
  config: Config,
  options: { site: string; concurrency?: number; log: Logger },
): Promise<{ describe: string; concurrency: number; stop(): Promise<void> }> {
  const { site, concurrency = scansAtOnce(config), log } = options;
  // First: where no bot has run yet there is no key either, and the missing bot is what to report.
  const redis = await ensureRedis({ url: config.redisUrl, dataDir: config.dataDir, log, mayStart: false });
  const key = await siteKey(config, site).catch(async (error: unknown) => {
    await redis.stop();
    throw error;
  });
  const authorise = authoriseChunk(config.allowedTargets);
  const scanner = createScanner(config);
  const worker = await startChunkWorker({
    connection: redis.connection,
    site,
    key,
    concurrency,
    scanner,
    authorise,
    log,
  }).catch(async (error: unknown) => {
    await redis.stop();
    throw error;
  });
  return {
    describe: redis.describe,
    concurrency,
    async stop() {
      await worker.close();
      await redis.stop();
    },
  };
}

/** From the configuration, or on the bot's own data directory derived automatically. Throws UserError. */
export async function siteKey(config: Config, site: string): Promise<string> {
  if (config.siteKey !== undefined) return config.siteKey;
  const secret = config.workerSecret ?? (await knownSecret(config.dataDir));
  if (secret !== undefined) return siteKeys(secret)(site);
  throw new UserError(`This worker has no key for site ${site}.`, {
    hint: `On the bot's machine run \`netdelta worker-key ${site}\`, then set NETDELTA_SITE_KEY here to what it prints.`,
  });
}

/** For the bot's machine; creates the secret if no bot has run here yet. */
export async function ownSiteKey(config: Config, site: string): Promise<string> {
  return siteKeys(config.workerSecret ?? (await ownSecret(config.dataDir)))(site);
}
