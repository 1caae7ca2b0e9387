import type { Delta } from '../../core/model/alert.ts';
import type { Group } from '../../core/model/group.ts';
import { rangesContain } from '../../core/network/address-ranges.ts';
import { groupRanges } from '../../core/network/group-ranges.ts';
import { intersectRanges } from '../../core/network/range-set.ts';
import type { Store } from '../../ports/store.ts';

/** Names of the other groups that watch an address of these deltas too. */
export async function overlappingGroups(store: Store, group: Group, deltas: readonly Delta[]): Promise<string[]> {
  const own = groupRanges(group);
  const others = (await store.groups.list()).filter((other) => other.id !== group.id);
  return others
    .filter((other) => {
      const shared = intersectRanges(own, groupRanges(other));
      return shared.length > 0 && deltas.some((delta) => rangesContain(shared, delta.address));
    })
    .map((other) => other.name);
}
