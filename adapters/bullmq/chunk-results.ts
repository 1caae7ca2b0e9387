import { gzipSync } from 'node:zlib';
import type { Redis } from 'ioredis';
import type { ChunkRequest } from '../../src/core/model/scan.ts';
import { fromAddressRanges } from '../../src/core/network/address-ranges.ts';
import { subtractRanges } from '../../src/core/network/range-set.ts';
import { cleanText } from '../../src/core/text.ts';
import type { AskedScan, ChunkJob } from '../../src/ports/queue.ts';
import type { ChunkResult } from '../../src/ports/scanner.ts';
import type { EndedChunk } from './messages.ts';
import { KEEP_S, KEYS } from './names.ts';
import type { Authority } from './orders.ts';
import { digestOf, isSealed, sealOf } from './seals.ts';
import type { SiteKeys } from './site-keys.ts';

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
type Ended = Extract<EndedChunk, { type: 'result' }>;

/** More than any honest nmap writes for one chunk; a larger one is not fetched. */
const MAX_PACKED_BYTES = 256 * 1024 * 1024;
const MAX_NOTES = 10;
const MAX_TEXT = 300;

/**
 * Keeps a chunk's XML for the process that owns the database, for as long as that may be down. The key carries the
 * attempt, so a worker that lost its job writes beside the result that counts, never over it. The seal binds result and
 * XML to the site, the scan, the chunk and what was asked.
 */
export async function keepResult(
  redis: Redis,
  { site, key }: Authority,
  { scanId, chunk, request }: ChunkJob,
  attempt: number,
  result: ChunkResult,
): Promise<EndedChunk> {
  const { outcome, error, notes } = result;
  if (hasXml(result)) await redis.set(KEYS.result(scanId, chunk, attempt), result.xml, 'EX', KEEP_S);
  const ended: Omit<Ended, 'seal'> = {
    type: 'result',
    attempt,
    outcome,
    ...(error !== undefined && { error }),
    notes: [...notes],
    hasXml: hasXml(result),
    asked: request.ranges.map(([first, last]) => [first, last]),
  };
  const seal = sealOf(key, 'result', sealedOf({ site, scanId, chunk, settings: request.settings }, ended, result.xml));
  return { ...ended, seal };
}

type Bound = Key & { site: string; settings: ChunkRequest['settings'] };

function sealedOf({ settings, ...bound }: Bound, ended: Omit<Ended, 'seal'>, xml: Uint8Array) {
  const { seal: _seal, ...said } = ended as Ended;
  return { ...bound, settings: digestOf(settings), said, xml: ended.hasXml ? digestOf(xml) : '' };
}

/** The result as its worker sent it; a failed one where it is lost, too large, or not what that site was asked for. */
export async function readResult(
  redis: Redis,
  keyOf: SiteKeys,
  { scanId, chunk }: Key,
  asked: AskedScan,
  ended: Ended,
): Promise<ChunkResult> {
  const key = KEYS.result(scanId, chunk, ended.attempt);
  if (ended.hasXml && (await redis.strlen(key)) > MAX_PACKED_BYTES) return failure('its result is too large');
  const xml = ended.hasXml ? await redis.getBuffer(key) : NO_XML;
  if (!xml) return failure('its result was lost in Redis');
  const request = asked.chunks[chunk];
  if (request === undefined) return failure('nobody asked for it');
  const { site } = asked;
  const sealed = sealedOf({ site, scanId, chunk, settings: request.settings }, ended, xml);
  if (!isSealed(keyOf(site), 'result', sealed, ended.seal)) {
    return failure(`its result is not sealed by a worker of site ${site}: it is not believed`);
  }
  const { outcome, error } = ended;
  const notes = ended.notes.slice(0, MAX_NOTES).map((note) => cleanText(note, MAX_TEXT));
  const whole = outcome === 'complete' && !coversAll(request, ended) ? 'interrupted' : outcome;
  return { xml, outcome: whole, notes, ...(error !== undefined && { error: cleanText(error, MAX_TEXT) }) };
}

/** A chunk that was cut down while it ran was asked for more than is left: that is whole all the same. */
function coversAll({ ranges }: ChunkRequest, { asked }: Ended): boolean {
  return subtractRanges(fromAddressRanges(ranges), fromAddressRanges(asked)).length === 0;
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
