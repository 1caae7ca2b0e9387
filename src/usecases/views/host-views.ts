import type { HostView } from '../../cards/host.ts';
import { defined } from '../../core/defined.ts';
import type { Group } from '../../core/model/group.ts';
import type { IdentityRead } from '../../core/model/identity-reads.ts';
import { portKey } from '../../core/model/record.ts';
import type { HostState } from '../../core/model/state.ts';
import { rangesContain } from '../../core/network/address-ranges.ts';
import { groupRanges } from '../../core/network/group-ranges.ts';
import type { Store } from '../../ports/store.ts';
import { hostRecords } from '../records/host-records.ts';
import { askedBy } from '../scanning/asked.ts';

const DELTAS_SHOWN = 10;

async function unaskedPorts(store: Store, group: Group, { address, services }: HostState): Promise<Set<string>> {
  const asks = await askedBy(store, group);
  const open = services.filter(({ present }) => present);
  return new Set(open.filter(({ protocol, port }) => !asks({ address, protocol, port })).map(portKey));
}

async function readsOf(store: Store, group: Group, address: string): Promise<readonly IdentityRead[]> {
  return (await store.states.identityReads(group.id, address)).get(address) ?? [];
}

/** What each group (or only the requested one) knows about an address; groups that do not watch it are left out. */
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
    const unasked = state === undefined ? undefined : await unaskedPorts(store, group, state);
    const reads = group.versionEveryMs === undefined ? undefined : await readsOf(store, group, address);
    views.push({
      group,
      ...defined({ unasked, reads }),
      state,
      coveredAt: scans.items[0]?.finishedAt,
      timeline: state === undefined ? [] : await store.states.timeline(group.id, address),
      deltas: deltas.items,
      records: state === undefined ? {} : (await hostRecords(store, group, [state]))(state),
    });
  }
  return views;
}
