import { isOver } from '../../core/model/scan.ts';
import type { Log } from '../../ports/log.ts';
import type { Queue } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';

/**
 * Drops scans that are in the queue but not under way in SQL (they are over, or the database was restored). Only if
 * they are strays twice in a row: a scan that has just been judged leaves the queue by itself. Call the result from
 * time to time.
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
