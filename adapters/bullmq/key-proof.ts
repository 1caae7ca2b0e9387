import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { UserError } from '../../src/core/errors.ts';
import { type Connection, createClient } from './connection.ts';
import { KEYS } from './names.ts';
import { type Authority, isSealed, sealOf } from './seals.ts';

/** A refused worker repeats its report within this many seconds, for as long as it is running. */
const REFUSED_S = 120;

/** Lets a worker check, before it takes a job, whether its key is that of the bot. */
export async function writeProof(redis: Redis, { site, key }: Authority): Promise<void> {
  await redis.set(KEYS.proof(site), sealOf(key, 'site', { site }));
}

/** `unknown`: no bot has used this site yet. */
export async function checkKey(redis: Redis, { site, key }: Authority): Promise<'right' | 'wrong' | 'unknown'> {
  const seal = await redis.get(KEYS.proof(site));
  if (seal === null) return 'unknown';
  return isSealed(key, 'site', { site }, seal) ? 'right' : 'wrong';
}

/** Only a hint, which anybody with the worker's user can forge: the bot shows a text of its own. */
export async function noteRefused(redis: Redis, site: string): Promise<void> {
  await redis.set(KEYS.refused(site), '1', 'EX', REFUSED_S);
}

export const isRefused = async (redis: Redis, site: string): Promise<boolean> =>
  (await redis.exists(KEYS.refused(site))) === 1;

/** The sites where a worker was refused lately, for callers that have no queue open. */
export async function refusedSites(connection: Connection, log: Logger): Promise<string[]> {
  const redis = createClient(connection, log);
  try {
    const sites = (await redis.smembers(KEYS.sites)).sort();
    const refused = await Promise.all(sites.map((site) => isRefused(redis, site)));
    return sites.filter((_, index) => refused[index]);
  } finally {
    redis.disconnect();
  }
}

export function wrongKey(site: string): UserError {
  return new UserError(`this worker has another key for site ${site} than the bot`, {
    hint: `on the bot's machine run \`netdelta worker-key ${site}\`, set NETDELTA_SITE_KEY here to what it prints, and start the worker again`,
  });
}
