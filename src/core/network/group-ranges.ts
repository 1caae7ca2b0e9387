import type { GroupSpec } from '../model/group.ts';
import type { IpRanges } from './address-ranges.ts';
import { subtractRanges } from './range-set.ts';
import { parseTargets, targetRanges } from './targets.ts';

/** What a group's targets cover without asking the DNS, minus exclusions. */
export function groupRanges({ targets, exclude }: Pick<GroupSpec, 'targets' | 'exclude'>): IpRanges {
  return subtractRanges(rangesOf(targets), rangesOf(exclude));
}

function rangesOf(targets: readonly string[]): IpRanges {
  return targets.length === 0 ? [] : targetRanges(parseTargets(targets.join(',')));
}
