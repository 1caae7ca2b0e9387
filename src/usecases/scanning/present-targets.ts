import type { Group } from '../../core/model/group.ts';
import { type IpRanges, rangesOf } from '../../core/network/address-ranges.ts';
import { intersectRanges, mergeRanges, subtractRanges } from '../../core/network/range-set.ts';
import { allowedRanges, parseTargets } from '../../core/network/targets.ts';
import type { Resolver } from '../../ports/resolver.ts';
import type { Store } from '../../ports/store.ts';
import { knownAddresses } from './name-changes.ts';
import { excludedRanges } from './resolve-targets.ts';

export type GateDeps = {
  store: Store;
  resolver: Resolver;
  /** CIDRs that may be scanned (`NETDELTA_ALLOWED_TARGETS`). */
  allowed: readonly string[];
};

/**
 * What may be scanned for a group at this moment: its targets minus its exclusions, within the allowed networks. A host
 * name counts with its current addresses and those known from recent scans, because round-robin DNS changes its answer
 * each time. Throws UserError when an excluded name does not resolve: an excluded address might then be among the
 * targets.
 */
export async function presentTargets(deps: GateDeps, group: Group): Promise<IpRanges> {
  const parts: IpRanges[] = [];
  for (const target of parseTargets(group.targets.join(','))) {
    if (target.type === 'range') parts.push(target.ranges);
    else parts.push(rangesOf(await addressesOf(deps, group, target.name)));
  }
  const excluded = group.exclude.length === 0 ? [] : await excludedRanges(deps.resolver, group.exclude);
  return intersectRanges(subtractRanges(mergeRanges(parts.flat()), excluded), allowedRanges(deps.allowed));
}

async function addressesOf({ store, resolver }: GateDeps, group: Group, name: string): Promise<string[]> {
  const now = await resolver.resolve(name).catch(() => []);
  return [...now, ...(await knownAddresses(store, group.id, name))];
}
