import { UserError } from '../../core/errors.ts';
import type { PrincipalKey } from '../../core/model/principal.ts';
import { cancelNote, isOver } from '../../core/model/scan.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Queue } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';

export type CancelScanDeps = {
  store: Store;
  queue: Queue;
  clock: Clock;
  startNext(groupId: number): Promise<void>;
  wake(): void;
};

/**
 * Ends a scan. A waiting scan is gone at once, a running one keeps and judges what is complete, and one that is being
 * judged is no longer judged. False when it is already over. Throws UserError.
 */
export async function cancelScan(deps: CancelScanDeps, scanId: number, by: PrincipalKey): Promise<boolean> {
  const scan = await deps.store.scans.byId(scanId);
  if (scan === undefined) {
    throw new UserError(`There is no scan ${scanId}.`, { hint: '/netdelta scan list' });
  }
  if (isOver(scan)) return false;
  await deps.store.scans.addNote(scanId, cancelNote(by));
  await deps.store.scans.transition(scanId, ['queued', 'judging'], 'cancelled', { finishedAt: deps.clock.now() });
  await deps.queue.cancelScan(scanId, scan.site);
  await deps.store.messages.touch([{ type: 'scan', scan: scanId }]);
  await deps.startNext(scan.groupId);
  deps.wake();
  return true;
}
