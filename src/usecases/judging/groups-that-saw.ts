import type { Delta } from '../../core/model/alert.ts';
import { deltaKey } from '../../core/model/delta.ts';
import { isReportedElsewhere } from '../../core/model/fate.ts';
import type { Group } from '../../core/model/group.ts';
import { rangesContain } from '../../core/network/address-ranges.ts';
import { groupRanges } from '../../core/network/group-ranges.ts';
import type { Store } from '../../ports/store.ts';

/** The other groups whose own scans saw some of these changes, and did not report them a second time. */
export async function groupsThatSaw(
  store: Store,
  group: Group,
  deltas: readonly Delta[],
): Promise<{ group: string; deltas: number }[]> {
  const saw: { group: string; deltas: number }[] = [];
  for (const other of await store.groups.list()) {
    const ranges = groupRanges(other);
    const watched = other.id === group.id ? [] : deltas.filter(({ address }) => rangesContain(ranges, address));
    if (watched.length === 0) continue;
    const latest = await store.deltas.latestByKey(other.id, watched.map(deltaKey));
    const seen = watched.filter((delta) => isSame(delta, latest.get(deltaKey(delta))));
    if (seen.length > 0) saw.push({ group: other.name, deltas: seen.length });
  }
  return saw;
}

function isSame({ at }: Delta, theirs: Delta | undefined): boolean {
  return theirs?.heldBack !== undefined && isReportedElsewhere(theirs.heldBack) && theirs.at >= at;
}
