import { isCancelled, type Scan } from '../../core/model/scan.ts';
import type { Log } from '../../ports/log.ts';
import { type HandOverDeps, handOver } from './hand-over.ts';

export type ResumeDeps = HandOverDeps & {
  log: Log;
  judge(scanId: number): Promise<void>;
  startNext(groupId: number): Promise<void>;
};

/**
 * Brings queue and SQL back in line: scans that are under way in SQL and missing in the queue (a crash, a queue that
 * lost its data) are queued again. Safe to call at any time.
 */
export async function resumeScans(deps: ResumeDeps): Promise<void> {
  const page = { limit: 200, offset: 0 };
  const { items } = await deps.store.scans.list({ statuses: ['queued', 'running', 'judging'] }, page);
  for (const scan of items.reverse()) {
    if (!(await deps.queue.hasScan(scan.id, scan.site))) await resume(deps, scan);
    // The queue may have been away when it was cancelled, or may have lost it.
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
  deps.log.info({ scan: scan.id }, 'a scan is taken up again');
  const delayMs = scan.status === 'queued' ? Math.max(0, scan.queuedAt - deps.clock.now()) : 0;
  await handOver(deps, scan, delayMs);
}
