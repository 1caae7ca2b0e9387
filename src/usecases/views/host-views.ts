import type { HostView } from '../../cards/host.ts';
import type { Group } from '../../core/model/group.ts';
import { rangesContain } from '../../core/network/address-ranges.ts';
import { groupRanges } from '../../core/network/group-ranges.ts';
import type { Store } from '../../ports/store.ts';
import { hostRecords } from '../records/host-records.ts';

const DELTAS_SHOWN = 10;

/** What each group (or just the one asked for) knows of an address; groups that do not watch it are left out. */
export async function hostViews(store: Store, address: string, only: Group | undefined): Promise<HostView[]> {
  const groups = only === undefined ? await store.groups.list() : [only];
  const views: HostView[] = [];
  for (const group of groups) {
    const state = await store.states.host(group.id, address);
    if (state === undefined && !rangesContain(groupRanges(group), address)) continue;
    const scans = await store.scans.list(
      { groupId: group.id, statuses: ['done'], kind: 'scan' },
      { limit: 1, offset: 0 },
    );
    const deltas = await store.deltas.list({ groupId: group.id, address }, { limit: DELTAS_SHOWN, offset: 0 });
    views.push({
      group,
      state,
      coveredAt: scans.items[0]?.finishedAt,
      timeline: state === undefined ? [] : await store.states.timeline(group.id, address),
      deltas: deltas.items,
      records: state === undefined ? {} : (await hostRecords(store, group, [state]))(state),
    });
  }
  return views;
}
