import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { z } from 'zod';
import { SCAN_PHASES } from '../../src/core/model/scan.ts';
import { CHANNELS } from './names.ts';
import { type Authority, isSealed, sealOf } from './seals.ts';
import type { SiteKeys } from './site-keys.ts';

const COUNT = z
  .number()
  .int()
  .min(0)
  .max(2 ** 32);

const PERCENT = z.number().min(0).max(100);

/**
 * A report that a worker publishes. It may be lost; everything that matters is also in Redis, see chunk-results.ts and
 * scan-teller.ts.
 */
const NEWS = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), scanId: z.number() }),
  z.object({
    type: z.literal('progress'),
    scanId: z.number(),
    chunk: z.number(),
    progress: z.object({
      ...{ hostsDone: COUNT, hostsUp: COUNT, percent: PERCENT },
      phase: z.enum(SCAN_PHASES).optional(),
      step: PERCENT.optional(),
      upDone: COUNT.optional(),
    }),
  }),
  z.object({ type: z.literal('ended'), scanId: z.number() }),
]);
export type News = z.infer<typeof NEWS>;

const SEALED_NEWS = z.object({ site: z.string().max(200), news: NEWS, seal: z.string() });
const MAX_NEWS = 2000;

export function publishNews(redis: Redis, log: Logger, { site, key }: Authority, news: News): void {
  const text = JSON.stringify({ site, news, seal: sealOf(key, 'news', { site, news }) });
  redis.publish(CHANNELS.news, text).catch((error: unknown) => log.debug({ err: error }, 'news'));
}

/** A report sealed by a worker of the site that it names; the reader checks whether the scan belongs to that site. */
export function parseNews(text: string, keyOf: SiteKeys): { site: string; news: News } | undefined {
  if (text.length > MAX_NEWS) return undefined;
  try {
    const { site, news, seal } = SEALED_NEWS.parse(JSON.parse(text));
    return isSealed(keyOf(site), 'news', { site, news }, seal) ? { site, news } : undefined;
  } catch {
    return undefined;
  }
}

const MAX_ADDRESS = 64;

/** The result of a chunk without the XML; see chunk-results.ts. */
const ENDED_CHUNK = z.object({
  attempt: z.number().int().min(1).max(999),
  outcome: z.enum(['complete', 'interrupted', 'failed']),
  error: z.string().optional(),
  notes: z.array(z.string()),
  hasXml: z.boolean(),
  /** The scanned ranges, after the permit. */
  asked: z.array(z.tuple([z.string(), z.string()])),
  /** Of which open TCP ports it read the identity, and of which of them in vain. */
  identified: z
    .array(z.object({ address: z.string().max(MAX_ADDRESS), tcp: z.string(), unclear: z.string().optional() }))
    .optional(),
  seal: z.string(),
});
export type EndedChunk = z.infer<typeof ENDED_CHUNK>;

export function parseEndedChunk(text: string): EndedChunk | undefined {
  try {
    return ENDED_CHUNK.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
