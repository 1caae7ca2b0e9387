import type { Logger } from 'pino';
import { startChunkWorker } from '../../adapters/bullmq/worker.ts';
import { createScanner } from '../../adapters/nmap/scanner.ts';
import { ensureRedis } from '../../adapters/redis/ensure-redis.ts';
import type { Config } from '../config.ts';
import { authoriseChunk } from './authorise.ts';

/** Without REDIS_URL it joins the private Redis of a bot that runs on this data directory; it never starts one. */
export async function startWorker(
  config: Config,
  options: { site: string; concurrency: number; log: Logger },
): Promise<{ describe: string; stop(): Promise<void> }> {
  const { site, concurrency, log } = options;
  const redis = await ensureRedis({ url: config.redisUrl, dataDir: config.dataDir, log, mayStart: false });
  const authorise = authoriseChunk(config.allowedTargets);
  const scanner = createScanner(config);
  const worker = await startChunkWorker({ connection: redis.connection, site, concurrency, scanner, authorise, log });
  return {
    describe: redis.describe,
    async stop() {
      await worker.close();
      await redis.stop();
    },
  };
}
