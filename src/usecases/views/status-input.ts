import { notConnected, type PendingLine } from '../../cards/delivery.ts';
import type { StatusInput } from '../../cards/status.ts';
import { UserError } from '../../core/errors.ts';
import type { Group } from '../../core/model/group.ts';
import type { QueueStats } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';

import { OVERDUE, overdueKey } from '../schedules/watch-overdue.ts';

import { holdsInForce } from './holds-in-force.ts';

/** Everything that the status shows, from SQL and from the queue. */
export async function statusInput(
  deps: { store: Store; queueStats(): Promise<QueueStats>; platforms(): readonly string[] },
  now: number,
): Promise<StatusInput> {
  const { store } = deps;
  const scans = await store.scans.list({ statuses: ['queued', 'running', 'judging'] }, { limit: 50, offset: 0 });
  const troubles: string[] = [];
  const trouble = store.trouble();
  if (trouble !== undefined) troubles.push(`${trouble.message} ${trouble.hint}`);
  const { sites } = await deps.queueStats().catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    troubles.push(
      'The queue (Redis) does not answer: no scan starts or ends until it does. Start it, or see `netdelta doctor`.',
    );
    return { sites: [] };
  });
  const groups = await store.groups.list();
  return {
    groups,
    troubles: [...troubles, ...(await overdueWords(store, groups))],
    scans: scans.items,
    sites,
    schedules: await store.schedules.list(),
    openDeltas: await store.deltas.countOpen(),
    holds: await holdsInForce(store, now),
    pending: await pendingDeliveries(store, deps.platforms(), now - UNDER_WAY_MS),
    now,
  };
}

async function overdueWords(store: Store, groups: readonly Group[]): Promise<string[]> {
  const overdue = await store.settings.under(OVERDUE);
  return groups
    .filter(({ id }) => overdue.get(overdueKey(id)))
    .map(({ name }) => `${name} is not scanned on time; see its channel.`);
}

/** A recent message is on its way. */
const UNDER_WAY_MS = 10_000;

/** What waits to be sent, channel by channel, with the reason. */
export async function pendingDeliveries(
  store: Pick<Store, 'messages'>,
  connected: readonly string[],
  before: number,
): Promise<PendingLine[]> {
  return (await store.messages.pendingByChannel(before)).map(({ failure, ...pending }) => ({
    ...pending,
    reason: notConnected(pending.channel, connected) ?? failure ?? 'it is tried again.',
  }));
}
