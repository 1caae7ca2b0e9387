import type { Text } from '../cards/card.ts';
import { counted } from '../cards/words.ts';
import type { Group } from '../core/group.ts';
import type { PrincipalKey } from '../core/principal.ts';
import { isOver } from '../core/scan.ts';
import type { Store } from '../ports/store.ts';

const COUNT = { limit: 1, offset: 0 };

/** What goes with a group, in words. */
export async function whatGoesWith(store: Store, group: Group): Promise<Text[]> {
  const scans = await store.scans.list({ groupId: group.id }, COUNT);
  const hosts = await store.states.listHosts(group.id, {}, COUNT);
  const deltas = await store.deltas.list({ groupId: group.id }, COUNT);
  const schedules = await store.schedules.list(group.id);
  const windows = await store.holds.windows(group.id);
  const expectations = await store.holds.expectations({ groupId: group.id, status: 'waiting' });
  const open = (await store.deltas.countOpen()).get(group.id) ?? 0;
  return [
    `${counted(scans.total, 'scan')}, XML included`,
    `${counted(hosts.total, 'known host')}, history included`,
    `${counted(deltas.total, 'delta')}, ${open} of them open`,
    counted(schedules.length, 'schedule'),
    ...(windows.length === 0 ? [] : [counted(windows.length, 'maintenance window')]),
    ...(expectations.length === 0 ? [] : [counted(expectations.length, 'approved change')]),
  ];
}

/** Ends its scans, then removes it with all that is its own. */
export async function removeGroup(
  deps: {
    store: Store;
    cancelScan(scanId: number, by: PrincipalKey): Promise<boolean>;
    schedulesChanged(): Promise<void>;
  },
  group: Group,
  by: PrincipalKey,
  now: number,
): Promise<void> {
  const { items } = await deps.store.scans.list({ groupId: group.id }, { limit: 100, offset: 0 });
  for (const scan of items.filter((one) => !isOver(one))) await deps.cancelScan(scan.id, by);
  for (const mute of await deps.store.holds.mutes()) {
    if (mute.match.groupId === group.id) await deps.store.holds.endMute(mute.id, now);
  }
  await deps.store.groups.remove(group.id);
  await deps.schedulesChanged();
}
