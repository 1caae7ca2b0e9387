import { isOver } from '../../core/model/scan.ts';
import type { Log } from '../../ports/log.ts';
import type { Queue } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';

/**
 * What the queue holds beyond SQL (scans that are over, or of a database that was restored) is dropped. Only what is so
 * twice in a row: a scan that was judged this moment leaves the queue by itself. Call the result from time to time.
 */
export function strayDropper(deps: { store: Store; queue: Queue; log: Log }): () => Promise<void> {
  let suspects = new Set<string>();
  return async () => {
    const strays = new Set<string>();
    for (const { scanId, site } of await deps.queue.scans()) {
      const scan = await deps.store.scans.byId(scanId);
      if (scan !== undefined && !isOver(scan) && scan.site === site) continue;
      const stray = `${scanId} ${site}`;
      strays.add(stray);
      if (!suspects.has(stray)) continue;
      deps.log.warn({ scan: scanId, site }, 'the queue holds a scan that is not under way; it is dropped');
      await deps.queue.dropScan(scanId, site);
    }
    suspects = strays;
  };
}
