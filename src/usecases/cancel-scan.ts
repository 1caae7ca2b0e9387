import { UserError } from '../core/errors.ts';
import type { Principal } from '../core/principal.ts';
import { cancelNote, isOver, type Scan } from '../core/scan.ts';
import type { Clock } from '../ports/clock.ts';
import type { Queue } from '../ports/queue.ts';
import type { Store } from '../ports/store.ts';

export type CancelScanDeps = { store: Store; queue: Queue; clock: Clock; wake(): void };

/** Ends a scan: one that waits is gone at once, one that runs keeps and judges what is complete. Throws UserError. */
export async function cancelScan(deps: CancelScanDeps, scanId: number, by: Principal): Promise<Scan> {
  const scan = await deps.store.scans.byId(scanId);
  if (scan === undefined) {
    throw new UserError(`There is no scan ${scanId}.`, { hint: '/netdelta scan list' });
  }
  if (isOver(scan)) throw new UserError(`Scan ${scanId} is over already (${scan.status}).`);
  await deps.store.scans.addNote(scanId, cancelNote(by.name));
  const waited = await deps.store.scans.transition(scanId, ['queued'], 'cancelled', { finishedAt: deps.clock.now() });
  await deps.queue.cancelScan(scanId);
  await deps.store.messages.touch([{ type: 'scan', scan: scanId }]);
  deps.wake();
  return { ...scan, status: waited ? 'cancelled' : scan.status };
}
