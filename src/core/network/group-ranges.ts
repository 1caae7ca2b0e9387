import type { GroupSpec } from '../model/group.ts';
import { type RangeSet, subtractRanges } from './ranges.ts';
import { parseTargets, targetRanges } from './targets.ts';

/** What a group's targets cover without asking the DNS, exclusions taken out. */
export function groupRanges({ targets, exclude }: Pick<GroupSpec, 'targets' | 'exclude'>): RangeSet {
  return subtractRanges(rangesOf(targets), rangesOf(exclude));
}

function rangesOf(targets: readonly string[]): RangeSet {
  return targets.length === 0 ? [] : targetRanges(parseTargets(targets.join(',')));
}
