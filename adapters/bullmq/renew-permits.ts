import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { QueuedScan } from '../../src/ports/queue.ts';
import type { SiteScan } from './names.ts';
import { givePermit, PERMIT_MS, RENEW_PERMIT_MS } from './permits.ts';
import type { SiteKeys } from './site-keys.ts';

/** Renews the permits of open scans, long before they expire. */
export function createPermits(options: {
  redis: Redis;
  keyOf: SiteKeys;
  log: Logger;
  isKnown(scan: SiteScan): Promise<boolean>;
}) {
  const { redis, keyOf, log } = options;
  const given = new Map<number, Omit<QueuedScan, 'delayMs'>>();
  let newest = 0;
  const give = ({ scanId, site, chunks }: Omit<QueuedScan, 'delayMs'>) => {
    given.set(scanId, { scanId, site, chunks });
    newest = Math.max(Date.now() + PERMIT_MS, newest + 1);
    return givePermit(redis, keyOf(site), { scanId, site, chunks }, newest);
  };
  async function renew(): Promise<void> {
    for (const scan of [...given.values()]) {
      const isOpen = await options.isKnown(scan);
      // What was asked for it before that answer came may be more than it may ask by now.
      const present = given.get(scan.scanId);
      if (isOpen && present !== undefined) await give(present);
      else if (!isOpen) given.delete(scan.scanId);
    }
  }
  const timer = setInterval(() => {
    renew().catch((error: unknown) => log.warn({ err: error }, 'permits were not renewed'));
  }, RENEW_PERMIT_MS);
  return { give, end: (scanId: number) => given.delete(scanId), close: () => clearInterval(timer) };
}
