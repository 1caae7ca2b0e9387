import { gzipSync } from 'node:zlib';
import type { Redis } from 'ioredis';
import type { ChunkResult } from '../../src/ports/scanner.ts';
import type { EndedChunk } from './messages.ts';
import { KEEP_S, KEYS } from './names.ts';

/** The gzip of nothing. */
const NO_XML = gzipSync('');

/** nmap had begun to write. */
export const hasXml = (result: ChunkResult) => result.xml.length > NO_XML.length;

/** A chunk that gave nothing but a reason. */
export function failure(error: unknown): ChunkResult {
  const text = error instanceof Error ? error.message : String(error);
  return { xml: NO_XML, outcome: 'failed', error: text.split('\n', 1)[0] ?? '', notes: [] };
}

type Key = { scanId: number; chunk: number };

/**
 * Keeps a chunk's XML for the process that owns the database, for as long as that may be down. The key carries the
 * attempt, so a worker that lost its job writes beside the result that counts, never over it.
 */
export async function keepResult(
  redis: Redis,
  { scanId, chunk }: Key,
  attempt: number,
  result: ChunkResult,
): Promise<EndedChunk> {
  const { outcome, error, notes } = result;
  if (hasXml(result)) await redis.set(KEYS.result(scanId, chunk, attempt), result.xml, 'EX', KEEP_S);
  return {
    type: 'result',
    attempt,
    outcome,
    ...(error !== undefined && { error }),
    notes: [...notes],
    hasXml: hasXml(result),
  };
}

export async function readResult(
  redis: Redis,
  { scanId, chunk }: Key,
  ended: Extract<EndedChunk, { type: 'result' }>,
): Promise<ChunkResult> {
  const xml = ended.hasXml ? await redis.getBuffer(KEYS.result(scanId, chunk, ended.attempt)) : NO_XML;
  if (!xml) return { xml: NO_XML, outcome: 'failed', error: 'its result was lost in Redis', notes: ended.notes };
  const { outcome, error, notes } = ended;
  return { xml, outcome, notes, ...(error !== undefined && { error }) };
}

/** The database has it now. */
export async function forgetResult(redis: Redis, { scanId, chunk }: Key, attempt: number): Promise<void> {
  await redis
    .multi()
    .sadd(KEYS.staged(scanId), chunk)
    .expire(KEYS.staged(scanId), KEEP_S)
    .del(KEYS.result(scanId, chunk, attempt))
    .exec();
}
