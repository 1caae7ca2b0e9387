import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { AddressRange } from '../../src/core/model/observation.ts';
import type { ChunkRequest } from '../../src/core/model/scan.ts';
import { fromAddressRanges, toAddressRanges } from '../../src/core/network/address-ranges.ts';
import { intersectRanges, mergeRanges } from '../../src/core/network/range-set.ts';
import type { QueuedScan } from '../../src/ports/queue.ts';
import { KEEP_S, KEYS, type SiteScan } from './names.ts';
import { type Authority, isSealed, sealOf } from './seals.ts';

/**
 * What a scan may cover at this moment. Chunks are cut down to it when they start, and running ones that cover more are
 * ended: so an edit reaches what is queued, wherever its worker is. The bot renews it while the scan is open. It
 * expires soon, and each permit of a scan expires later than the one before: an attacker in Redis can't put a wider one
 * back for long, and never for a worker that has seen a newer one.
 */
const PERMIT = z.object({
  site: z.string(),
  scanId: z.number(),
  /** Epoch ms. */
  expiresAt: z.number(),
  ranges: z.array(z.tuple([z.string(), z.string()])),
});
type Permit = z.infer<typeof PERMIT>;

/** The clocks of bot and worker may differ by less than this. */
export const PERMIT_MS = 30 * 60_000;
/** How often the bot renews a permit, and so how soon it makes up for a clock that is set forward. */
export const RENEW_PERMIT_MS = 60_000;

/** `expiresAt`: epoch ms, later than that of any earlier permit of this scan. */
export async function givePermit(
  redis: Redis,
  key: string,
  scan: Omit<QueuedScan, 'delayMs'>,
  expiresAt: number,
): Promise<void> {
  const ranges = toAddressRanges(mergeRanges(scan.chunks.flatMap((chunk) => fromAddressRanges(chunk.ranges))));
  const { site, scanId } = scan;
  // A delayed scan must find it at its start: the bot renews it until then.
  const permit = { site, scanId, expiresAt, ranges };
  const text = JSON.stringify({ permit, seal: sealOf(key, 'permit', permit) });
  await redis.set(KEYS.permit(scan), text, 'EX', KEEP_S);
}

/**
 * How a worker reads permits: it remembers the newest one of each scan for as long as an older one could still be
 * valid.
 */
export function createPermitReader({ site, key }: Authority) {
  /** By scan: when the newest one expires by the bot's clock, and when it was seen by a monotonic one. */
  const seen = new Map<number, { expiresAt: number; seenAt: number }>();
  /** Undefined if it is not currently valid for this site and scan, or is older than one seen before. */
  return (scanId: number, text: string | null): Permit | undefined => {
    const permit = parsePermit(text, key, { site, scanId });
    const now = performance.now();
    for (const [id, { seenAt }] of seen) if (now - seenAt > PERMIT_MS) seen.delete(id);
    if (permit === undefined || permit.expiresAt < (seen.get(scanId)?.expiresAt ?? 0)) return undefined;
    seen.set(scanId, { expiresAt: permit.expiresAt, seenAt: now });
    return permit;
  };
}
export type PermitReader = ReturnType<typeof createPermitReader>;

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
