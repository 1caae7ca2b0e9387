import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { z } from 'zod';
import { CHANNELS } from './names.ts';

/** What a worker publishes. It may be lost; what matters is also in Redis, see chunk-results.ts and scan-teller.ts. */
const NEWS = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), scanId: z.number() }),
  z.object({
    type: z.literal('progress'),
    scanId: z.number(),
    chunk: z.number(),
    progress: z.object({ hostsDone: z.number(), hostsUp: z.number(), percent: z.number() }),
  }),
  z.object({ type: z.literal('ended'), scanId: z.number() }),
]);
export type News = z.infer<typeof NEWS>;

export function publishNews(redis: Redis, log: Logger, news: News): void {
  redis.publish(CHANNELS.news, JSON.stringify(news)).catch((error: unknown) => log.debug({ err: error }, 'news'));
}

export function parseNews(text: string): News | undefined {
  try {
    return NEWS.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** What a chunk's job returns to its parent; the XML itself stays under `KEYS.result`. */
const ENDED_CHUNK = z.discriminatedUnion('type', [
  z.object({ type: z.literal('never-begun') }),
  z.object({
    type: z.literal('result'),
    attempt: z.number(),
    outcome: z.enum(['complete', 'interrupted', 'failed']),
    error: z.string().optional(),
    notes: z.array(z.string()),
    hasXml: z.boolean(),
  }),
]);
export type EndedChunk = z.infer<typeof ENDED_CHUNK>;

export function parseEndedChunk(value: unknown): EndedChunk | undefined {
  return ENDED_CHUNK.safeParse(value).data;
}
