import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { AddressRange } from '../../src/core/model/observation.ts';
import type { ChunkRequest } from '../../src/core/model/scan.ts';
import { fromAddressRanges, toAddressRanges } from '../../src/core/network/address-ranges.ts';
import { intersectRanges, mergeRanges } from '../../src/core/network/range-set.ts';
import type { QueuedScan } from '../../src/ports/queue.ts';
import { KEEP_S, KEYS, type SiteScan } from './names.ts';
import { isSealed, sealOf } from './seals.ts';

/**
 * What a scan may ask at this moment. Chunks are cut down to it when they start, and running ones that ask more are
 * ended: so an edit reaches what is queued, wherever its worker is. It expires, so that what was once allowed can't be
 * replayed for ever; the bot renews it while the scan is open.
 */
const PERMIT = z.object({
  site: z.string(),
  scanId: z.number(),
  /** Epoch ms. */
  expiresAt: z.number(),
  ranges: z.array(z.tuple([z.string(), z.string()])),
});
type Permit = z.infer<typeof PERMIT>;

export const PERMIT_MS = 6 * 3600_000;

export async function givePermit(redis: Redis, key: string, scan: Omit<QueuedScan, 'delayMs'>): Promise<void> {
  const ranges = toAddressRanges(mergeRanges(scan.chunks.flatMap((chunk) => fromAddressRanges(chunk.ranges))));
  const { site, scanId } = scan;
  // A delayed scan must find it when its time comes: the bot renews it by then.
  const permit = { site, scanId, expiresAt: Date.now() + PERMIT_MS, ranges };
  const text = JSON.stringify({ permit, seal: sealOf(key, 'permit', permit) });
  await redis.set(KEYS.permit(scan), text, 'EX', KEEP_S);
}

/** Undefined when there is none that is valid for this site and scan now. */
export async function readPermit(redis: Redis, key: string, scan: SiteScan): Promise<Permit | undefined> {
  return parsePermit(await redis.get(KEYS.permit(scan)), key, scan);
}

export function parsePermit(text: string | null, key: string, { site, scanId }: SiteScan): Permit | undefined {
  const { permit, seal } = parsed(text);
  const { data } = PERMIT.safeParse(permit);
  if (data === undefined || !isSealed(key, 'permit', data, seal)) return undefined;
  return data.site === site && data.scanId === scanId && data.expiresAt > Date.now() ? data : undefined;
}

function parsed(text: string | null): { permit?: unknown; seal?: unknown } {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** What is left of a chunk; undefined when nothing is. */
export function permitted(request: ChunkRequest, permit: Permit): ChunkRequest | undefined {
  const ranges = toAddressRanges(intersectRanges(fromAddressRanges(request.ranges), fromAddressRanges(permit.ranges)));
  return ranges.length === 0 ? undefined : { ...request, ranges };
}

export function asksMore(asked: readonly AddressRange[], permit: Permit): boolean {
  const left = intersectRanges(fromAddressRanges(asked), fromAddressRanges(permit.ranges));
  return JSON.stringify(toAddressRanges(left)) !== JSON.stringify(toAddressRanges(fromAddressRanges(asked)));
}
