import type { Text } from '../../cards/card.ts';
import { counted } from '../../cards/words.ts';
import type { Group } from '../../core/model/group.ts';
import type { PrincipalKey } from '../../core/model/principal.ts';
import { isOver, type Scan } from '../../core/model/scan.ts';
import type { Store } from '../../ports/store.ts';

const COUNT = { limit: 1, offset: 0 };

/** What is deleted with a group, as text. */
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

export type RemoveGroupDeps = {
  store: Store;
  cancelScan(scanId: number, by: PrincipalKey): Promise<boolean>;
  schedulesChanged(): Promise<void>;
  wake(): void;
};

/** Ends its scans, then removes it with all its data. */
export async function removeGroup(deps: RemoveGroupDeps, group: Group, by: PrincipalKey, now: number): Promise<void> {
  const { store } = deps;
  const { items } = await store.scans.list({ groupId: group.id }, { limit: 100, offset: 0 });
  const ended = items.filter((one) => !isOver(one));
  for (const scan of ended) await endScan(deps, scan, by, now);
  for (const mute of await store.holds.mutes()) {
    if (mute.match.groupId === group.id) await store.holds.endMute(mute.id, now);
  }
  await untilShown(deps, ended);
  await store.groups.remove(group.id);
  await deps.schedulesChanged();
}

/** The scan is not judged any more: its group has no channels left to report to. */
async function endScan(deps: RemoveGroupDeps, scan: Scan, by: PrincipalKey, now: number): Promise<void> {
  await deps.cancelScan(scan.id, by);
  await deps.store.scans.transition(scan.id, ['running', 'judging'], 'cancelled', { finishedAt: now });
  await deps.store.messages.touch([{ type: 'scan', scan: scan.id }]);
  deps.wake();
}

const SHOWN_LOOKS = 40;
const SHOWN_EVERY_MS = 50;

/** The group's messages are removed with it. Those that show a scan as running are edited first, if that is quick. */
async function untilShown({ store }: RemoveGroupDeps, scans: readonly Scan[]): Promise<void> {
  for (let look = 0; look < SHOWN_LOOKS; look++) {
    const messages = await Promise.all(scans.map((scan) => store.messages.bySubject({ type: 'scan', scan: scan.id })));
    if (!messages.flat().some((message) => message.status === 'pending')) return;
    await new Promise((resolve) => {
      setTimeout(resolve, SHOWN_EVERY_MS);
    });
  }
}
