import { isCancelled, type Scan } from '../../core/model/scan.ts';
import type { Log } from '../../ports/log.ts';
import { type HandOverDeps, handOver } from './hand-over.ts';

export type ResumeDeps = HandOverDeps & {
  log: Log;
  judge(scanId: number): Promise<void>;
  startNext(groupId: number): Promise<void>;
};

/**
 * Brings queue and SQL together again: scans that SQL knows as under way and the queue doesn't (a crash, a queue that
 * lost its data) are put in again. Safe to call at any time.
 */
export async function resumeScans(deps: ResumeDeps): Promise<void> {
  const page = { limit: 200, offset: 0 };
  const { items } = await deps.store.scans.list({ statuses: ['queued', 'running', 'judging'] }, page);
  for (const scan of items.reverse()) {
    if (!(await deps.queue.hasScan(scan.id, scan.site))) await resume(deps, scan);
    // The queue may have been away when it was cancelled, or may have forgotten it.
    else if (isCancelled(scan)) await deps.queue.cancelScan(scan.id, scan.site);
  }
}

async function resume(deps: ResumeDeps, scan: Scan): Promise<void> {
  if (scan.status === 'judging' || (scan.status === 'running' && isCancelled(scan))) {
    await deps.judge(scan.id);
    return;
  }
  if (scan.status === 'queued' && scan.kind === 'scan') {
    await deps.startNext(scan.groupId);
    return;
  }
  const group = await deps.store.groups.byId(scan.groupId);
  if (group === undefined) return;
  deps.log.info({ scan: scan.id }, 'a scan is taken up again');
  const delayMs = scan.status === 'queued' ? Math.max(0, scan.queuedAt - deps.clock.now()) : 0;
  // A running scan of a paused group comes to its end.
  await handOver(deps, scan, scan.status === 'running' ? { ...group, status: 'active' } : group, delayMs);
}
