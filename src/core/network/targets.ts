import { UserError } from '../errors.ts';
import { countAddresses, type IpRanges, toCidrs } from './address-ranges.ts';
import { parseAddress } from './addresses.ts';
import { mergeRanges, subtractRanges } from './range-set.ts';
import { parseTarget, type TargetSpec } from './target-words.ts';

export const MAX_TARGETS_TEXT = 20_000;
export const MAX_TARGETS = 2_000;
/** A /8 of IPv4: the most addresses a group may hold. */
export const MAX_GROUP_ADDRESSES = 2n ** 24n;

/**
 * Private and loopback networks, and IPv6's link-local: what may be scanned when nothing is configured. Not
 * 169.254.0.0/16: in a cloud, metadata services hand out credentials there.
 */
export const DEFAULT_ALLOWED: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '127.0.0.0/8',
  '::1',
  'fc00::/7',
  'fe80::/10',
];

/**
 * CIDRs, ranges (`10.0.0.1-50`, `10.0.0-3.1-50`, `2001:db8::1-2001:db8::ff`), addresses and host names, separated by
 * commas or blanks, in order and each once. Throws UserError at the first word that is none of these.
 */
export function parseTargets(text: string): TargetSpec[] {
  if (text.length > MAX_TARGETS_TEXT) {
    throw new UserError(`That is too long: ${thousands(text.length)} characters of targets.`, {
      hint: `At most ${thousands(MAX_TARGETS_TEXT)} characters are accepted; write networks as CIDRs, for example 10.0.0.0/16.`,
    });
  }
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) {
    throw new UserError('No target was given.', {
      hint: 'Expected addresses, CIDRs, ranges or host names, for example 192.168.1.0/24.',
    });
  }
  if (words.length > MAX_TARGETS) {
    throw new UserError(`${thousands(words.length)} targets are too many.`, {
      hint: `At most ${thousands(MAX_TARGETS)} are accepted; write networks as CIDRs, for example 10.0.0.0/16.`,
    });
  }
  const byText = new Map<string, TargetSpec>();
  for (const word of words) {
    const target = parseTarget(word);
    byText.set(target.text, target);
  }
  return [...byText.values()];
}

/** All addresses of the targets, without their names. */
export function targetRanges(targets: Iterable<TargetSpec>): IpRanges {
  return mergeRanges([...targets].flatMap((target) => (target.type === 'range' ? target.ranges : [])));
}

/** Throws UserError when a group would hold more addresses than can be scanned. */
export function checkSize(ranges: IpRanges): void {
  const count = countAddresses(ranges);
  if (count <= MAX_GROUP_ADDRESSES) return;
  throw new UserError(`These targets are ${thousands(count)} addresses.`, {
    hint: `A group may hold at most ${thousands(MAX_GROUP_ADDRESSES)}; choose smaller networks or exclude some.`,
  });
}

/** The networks configured in NETDELTA_ALLOWED_TARGETS as a set; names in it are ignored. */
export function allowedRanges(allowed: readonly string[]): IpRanges {
  return allowed.length === 0 ? [] : targetRanges(parseTargets(allowed.join(',')));
}

/** The addresses outside the allowed networks, as CIDRs; empty when all may be scanned. */
export function checkAllowed(ranges: IpRanges, allowed: IpRanges): { refused: string[] } {
  return { refused: toCidrs(subtractRanges(ranges, allowed)) };
}

/**
 * Why a target may not be scanned, with the exact line that would allow it. `addresses` are those that a name resolved
 * to; left out for a range, which is then allowed as it was typed.
 */
export function refusal(target: string, allowed: readonly string[], addresses: readonly string[] = []): UserError {
  const added = addresses.length === 0 ? [target] : addresses.filter((address) => parseAddress(address) !== undefined);
  const resolved = addresses.length === 0 ? '' : ` (it resolves to ${addresses.slice(0, 5).join(', ')})`;
  return new UserError(
    `“${target}” may not be scanned${resolved}: it is not within the allowed networks ${allowed.join(', ')}.`,
    {
      word: target,
      hint: `If you are allowed to scan it, set this and restart:\nNETDELTA_ALLOWED_TARGETS=${[...allowed, ...added].join(',')}`,
    },
  );
}

/** `1,234,567`, in every locale. */
export function thousands(count: number | bigint): string {
  return count.toLocaleString('en-US');
}
