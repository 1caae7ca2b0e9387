import type { StatusInput } from '../../cards/status.ts';
import type { QueueStats } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';

/** All that the status tells, from SQL and from the queue. */
export async function statusInput(
  deps: { store: Store; queueStats(): Promise<QueueStats> },
  now: number,
): Promise<StatusInput> {
  const { store } = deps;
  const scans = await store.scans.list({ statuses: ['queued', 'running', 'judging'] }, { limit: 50, offset: 0 });
  const { sites } = await deps.queueStats();
  return {
    groups: await store.groups.list(),
    scans: scans.items,
    sites,
    schedules: await store.schedules.list(),
    openDeltas: await store.deltas.countOpen(),
    now,
  };
}
