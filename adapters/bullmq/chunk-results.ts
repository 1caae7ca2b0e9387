import { gzipSync } from 'node:zlib';
import type { Redis } from 'ioredis';
import type { ChunkRequest } from '../../src/core/model/scan.ts';
import { fromAddressRanges } from '../../src/core/network/address-ranges.ts';
import { subtractRanges } from '../../src/core/network/range-set.ts';
import { cleanText } from '../../src/core/text.ts';
import type { AskedScan, ChunkJob } from '../../src/ports/queue.ts';
import type { ChunkResult } from '../../src/ports/scanner.ts';
import { type EndedChunk, parseEndedChunk } from './messages.ts';
import { KEEP_S, KEYS, type SiteScan } from './names.ts';
import { type Authority, digestOf, isSealed, sealOf } from './seals.ts';
import type { SiteKeys } from './site-keys.ts';

/** The gzip of empty input. */
const NO_XML = gzipSync('');

/** nmap had begun to write. */
export const hasXml = (result: ChunkResult) => result.xml.length > NO_XML.length;

/** The result of a chunk that yielded nothing but a reason. */
export function failure(error: unknown): ChunkResult {
  const text = error instanceof Error ? error.message : String(error);
  return { xml: NO_XML, outcome: 'failed', error: text.split('\n', 1)[0] ?? '', notes: [] };
}

type Key = SiteScan & { chunk: number };

/** More than any honest nmap writes for one chunk; a larger result is not fetched. */
const MAX_PACKED_BYTES = 256 * 1024 * 1024;
const MAX_NOTES = 10;
const MAX_TEXT = 300;

/**
 * Keeps a chunk's result for the process that owns the database, for as long as that may be down. It does not use
 * BullMQ's flows, where anybody who can write to the parent's queue could remove it. The key of the XML contains the
 * attempt, so a worker that lost its job writes beside the result that counts, never over it. The seal binds result and
 * XML to the site, the scan, the chunk and the request.
 */
export async function keepResult(
  redis: Redis,
  { site, key }: Authority,
  { scanId, chunk, request }: ChunkJob,
  attempt: number,
  result: ChunkResult,
): Promise<void> {
  const { outcome, error, notes, identified } = result;
  const said: Omit<EndedChunk, 'seal'> = {
    attempt,
    outcome,
    ...(error !== undefined && { error }),
    notes: [...notes],
    hasXml: hasXml(result),
    asked: request.ranges.map(([first, last]) => [first, last]),
    ...(identified !== undefined && { identified: [...identified] }),
  };
  const scan = { site, scanId };
  const seal = sealOf(key, 'result', sealedOf({ ...scan, chunk, settings: request.settings }, said, result.xml));
  const writing = redis.multi();
  if (said.hasXml) writing.set(KEYS.result(scan, chunk, attempt), result.xml, 'EX', KEEP_S);
  writing.hset(KEYS.ended(scan), String(chunk), JSON.stringify({ ...said, seal }));
  writing.expire(KEYS.ended(scan), KEEP_S);
  for (const [refused] of (await writing.exec()) ?? []) if (refused) throw refused;
}

/** The results of a scan's chunks that nobody has taken yet, by number. None of them has been verified so far. */
export async function keptResults(redis: Redis, scan: SiteScan): Promise<{ chunk: number; ended: EndedChunk }[]> {
  const kept = Object.entries(await redis.hgetall(KEYS.ended(scan))).flatMap(([chunk, text]) => {
    const ended = parseEndedChunk(text);
    return ended === undefined ? [] : [{ chunk: Number(chunk), ended }];
  });
  return kept.sort((a, b) => a.chunk - b.chunk);
}

type Bound = Key & { settings: ChunkRequest['settings'] };

function sealedOf({ settings, ...bound }: Bound, ended: Omit<EndedChunk, 'seal'>, xml: Uint8Array) {
  const { seal: _seal, ...said } = ended as EndedChunk;
  return { ...bound, settings: digestOf(settings), said, xml: ended.hasXml ? digestOf(xml) : '' };
}

/** The result as its worker sent it; a failed one if it is lost, too large, or not what that site was asked for. */
export async function readResult(
  redis: Redis,
  keyOf: SiteKeys,
  { scanId, chunk }: { scanId: number; chunk: number },
  asked: AskedScan,
  ended: EndedChunk,
): Promise<{ result: ChunkResult; isSealed: boolean }> {
  const { site } = asked;
  const key = KEYS.result({ site, scanId }, chunk, ended.attempt);
  const refused = (why: string) => ({ result: failure(why), isSealed: false });
  if (ended.hasXml && (await redis.strlen(key)) > MAX_PACKED_BYTES) return refused('its result is too large');
  const xml = ended.hasXml ? await redis.getBuffer(key) : NO_XML;
  if (!xml) return refused('its result was lost in Redis');
  const request = asked.chunks[chunk];
  if (request === undefined) return refused('nobody asked for it');
  const sealed = sealedOf({ site, scanId, chunk, settings: request.settings }, ended, xml);
  if (!isSealed(keyOf(site), 'result', sealed, ended.seal)) {
    return refused(`its result is not sealed by a worker of site ${site}: it is not believed`);
  }
  const { outcome, error, identified } = ended;
  const notes = ended.notes.slice(0, MAX_NOTES).map((note) => cleanText(note, MAX_TEXT));
  const whole = outcome === 'complete' && !coversAll(request, ended) ? 'interrupted' : outcome;
  const result = {
    ...{ xml, outcome: whole, notes },
    ...(error !== undefined && { error: cleanText(error, MAX_TEXT) }),
    ...(identified !== undefined && { identified }),
  };
  return { result, isSealed: true };
}

/** A chunk that was cut down while it ran covered more than is left, so it is complete all the same. */
function coversAll({ ranges }: ChunkRequest, { asked }: EndedChunk): boolean {
  return subtractRanges(fromAddressRanges(ranges), fromAddressRanges(asked)).length === 0;
}

/** The database has the result now. */
export async function forgetResult(redis: Redis, { chunk, ...scan }: Key, attempt: number): Promise<void> {
  await redis
    .multi()
    .sadd(KEYS.staged(scan), chunk)
    .expire(KEYS.staged(scan), KEEP_S)
    .hdel(KEYS.ended(scan), String(chunk))
    .del(KEYS.result(scan, chunk, attempt))
    .exec();
}
