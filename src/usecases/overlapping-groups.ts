import type { Delta } from '../core/alert.ts';
import type { Group } from '../core/group.ts';
import { intersectRanges, mergeRanges, type RangeSet, rangesContain, subtractRanges } from '../core/ranges.ts';
import { parseTargets, targetRanges } from '../core/targets.ts';
import type { Store } from '../ports/store.ts';

/** Names of the other groups that watch an address of these deltas too. */
export async function overlappingGroups(store: Store, group: Group, deltas: readonly Delta[]): Promise<string[]> {
  const own = rangesOf(group);
  const others = (await store.groups.list()).filter((other) => other.id !== group.id);
  return others
    .filter((other) => {
      const shared = intersectRanges(own, rangesOf(other));
      return shared.length > 0 && deltas.some((delta) => rangesContain(shared, delta.address));
    })
    .map((other) => other.name);
}

/** What a group's targets cover without asking the DNS. */
function rangesOf(group: Group): RangeSet {
  const targets = targetRanges(parseTargets(group.targets.join(',')));
  return group.exclude.length === 0
    ? targets
    : subtractRanges(targets, mergeRanges(targetRanges(parseTargets(group.exclude.join(',')))));
}
