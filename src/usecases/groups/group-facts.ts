import type { GroupFacts } from '../../cards/group-fields.ts';
import { UserError } from '../../core/errors.ts';
import type { Group, GroupSpec } from '../../core/model/group.ts';
import { countAddresses } from '../../core/network/address-ranges.ts';
import { groupRanges } from '../../core/network/group-ranges.ts';
import { intersectRanges } from '../../core/network/range-set.ts';
import type { Resolver } from '../../ports/resolver.ts';
import type { Store } from '../../ports/store.ts';
import { resolveTargets } from '../scanning/resolve-targets.ts';

/**
 * How many addresses a group covers and which groups it overlaps; host names are not counted, because their addresses
 * change.
 */
export async function groupFacts(store: Store, group: GroupSpec & { id?: number }): Promise<GroupFacts> {
  const own = groupRanges(group);
  const others = (await store.groups.list()).filter((other) => other.id !== group.id);
  return {
    addresses: countAddresses(own) + BigInt(names(group).length),
    routes: group.id === undefined ? [] : (await store.groups.routes(group.id)).map((route) => route.channel),
    overlaps: others.flatMap((other) => overlap(group, own, other)),
  };
}

function overlap(group: GroupSpec, own: ReturnType<typeof groupRanges>, other: Group): GroupFacts['overlaps'] {
  const shared = countAddresses(intersectRanges(own, groupRanges(other)));
  const sameName = names(group).some((name) => names(other).includes(name));
  return shared > 0n || sameName ? [{ name: other.name, addresses: shared }] : [];
}

function names({ targets }: Pick<GroupSpec, 'targets'>): string[] {
  return targets.filter((target) => /[a-z]/.test(target) && !target.includes(':'));
}

/**
 * Checks that all targets may be scanned and that every name has an address now. Throws a UserError that names the
 * target and the reason.
 */
export async function checkTargets(
  deps: { resolver: Resolver; allowed: readonly string[] },
  { targets, exclude }: Pick<GroupSpec, 'targets' | 'exclude'>,
): Promise<void> {
  const { unresolved } = await resolveTargets(deps, targets, exclude);
  const [name] = unresolved;
  if (name === undefined) return;
  throw new UserError(`No address was found for ${unresolved.join(', ')}.`, {
    word: name,
    hint: 'Check the spelling of the name, or give an address instead.',
  });
}
