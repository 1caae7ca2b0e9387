import { UserError } from '../../core/errors.ts';
import { type IpRange, type IpRanges, rangesOf as rangesOfAddresses } from '../../core/network/address-ranges.ts';
import { canonicalAddress } from '../../core/network/addresses.ts';
import { mergeRanges, subtractRanges } from '../../core/network/range-set.ts';
import type { TargetSpec } from '../../core/network/target-words.ts';
import { allowedRanges, checkAllowed, checkSize, parseTargets, refusal } from '../../core/network/targets.ts';
import type { Resolver } from '../../ports/resolver.ts';

export type ResolvedTargets = {
  ranges: IpRanges;
  /** The addresses of each host name. */
  names: Readonly<Record<string, readonly string[]>>;
  /** Names that could not be resolved: not covered this time. */
  unresolved: readonly string[];
};

/**
 * Targets as addresses, minus exclusions, all within the allowed networks. nmap gets exactly what was checked: names
 * are resolved here and never by nmap. Throws UserError.
 */
export async function resolveTargets(
  deps: { resolver: Resolver; allowed: readonly string[] },
  targets: readonly string[],
  exclude: readonly string[],
): Promise<ResolvedTargets> {
  const allowed = allowedRanges(deps.allowed);
  const names: Record<string, readonly string[]> = Object.create(null);
  const unresolved: string[] = [];
  const parts: IpRange[] = [];
  for (const target of parseTargets(targets.join(','))) {
    const ranges = await rangesOf(target, deps.resolver, names, unresolved);
    const { refused } = checkAllowed(ranges, allowed);
    if (refused.length > 0) {
      throw refusal(target.text, deps.allowed, target.type === 'name' ? (names[target.name] ?? []) : []);
    }
    parts.push(...ranges);
  }
  const excluded = exclude.length === 0 ? [] : await excludedRanges(deps.resolver, exclude);
  const ranges = subtractRanges(mergeRanges(parts), excluded);
  checkSize(ranges);
  if (ranges.length === 0) throw nothingLeft(unresolved);
  return { ranges, names, unresolved };
}

function nothingLeft(unresolved: readonly string[]): UserError {
  return unresolved.length > 0
    ? new UserError(`No address was found for ${unresolved.join(', ')}.`, {
        hint: 'Check the spelling of the name, or give an address instead.',
      })
    : new UserError('Nothing is left to scan: the exclusions take out every target.', {
        hint: 'Change exclude: or add targets.',
      });
}

async function rangesOf(
  target: TargetSpec,
  resolver: Resolver,
  names: Record<string, readonly string[]>,
  unresolved: string[],
): Promise<IpRanges> {
  if (target.type === 'range') return target.ranges;
  const addresses = await resolver.resolve(target.name).catch(() => []);
  if (addresses.length === 0) unresolved.push(target.name);
  else names[target.name] = addresses.map((address) => canonicalAddress(address) ?? address);
  return rangesOfAddresses(addresses);
}

/** An exclusion that can't be resolved stops the scan: an excluded address might be among the targets. */
export async function excludedRanges(resolver: Resolver, exclude: readonly string[]): Promise<IpRanges> {
  const parts: IpRange[] = [];
  for (const target of parseTargets(exclude.join(','))) {
    if (target.type === 'range') {
      parts.push(...target.ranges);
      continue;
    }
    const addresses = await resolver.resolve(target.name).catch(() => []);
    if (addresses.length === 0) {
      throw new UserError(`The excluded name ${target.name} does not resolve, so it can't be left out.`, {
        word: target.name,
        hint: 'Exclude its address instead, or try again when the DNS answers.',
      });
    }
    parts.push(...rangesOfAddresses(addresses));
  }
  return mergeRanges(parts);
}
