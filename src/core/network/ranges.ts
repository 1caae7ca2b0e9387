import type { AddressRange } from '../model/observation.ts';
import { type Address, addressBits, type Family, formatAddress, parseAddress } from './addresses.ts';

/** Inclusive. */
export type IpRange = { family: Family; first: bigint; last: bigint };

/** Sorted, disjoint and not adjacent; IPv4 before IPv6. Made by `mergeRanges`. Its size never depends on the number of addresses. */
export type RangeSet = readonly IpRange[];

export function mergeRanges(ranges: Iterable<IpRange>): RangeSet {
  const sorted = [...ranges].sort(byStart);
  const merged: IpRange[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && last.family === range.family && range.first <= last.last + 1n) {
      if (range.last > last.last) last.last = range.last;
    } else merged.push({ ...range });
  }
  return merged;
}

function byStart(a: IpRange, b: IpRange): number {
  if (a.family !== b.family) return a.family - b.family;
  return a.first < b.first ? -1 : a.first > b.first ? 1 : 0;
}

/** What is in `from` and not in `without`. */
export function subtractRanges(from: RangeSet, without: RangeSet): RangeSet {
  const left: IpRange[] = [];
  for (const range of from) {
    let first = range.first;
    for (const hole of overlapping(without, range)) {
      if (hole.first > first) left.push({ ...range, first, last: hole.first - 1n });
      first = hole.last + 1n;
    }
    if (first <= range.last) left.push({ ...range, first });
  }
  return left;
}

export function intersectRanges(a: RangeSet, b: RangeSet): RangeSet {
  return a.flatMap((range) =>
    overlapping(b, range).map((other) => ({
      family: range.family,
      first: lower(range.first, other.first) === range.first ? other.first : range.first,
      last: lower(range.last, other.last),
    })),
  );
}

/** Math.min refuses bigint. */
function lower(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

function overlapping(set: RangeSet, range: IpRange): RangeSet {
  const found: IpRange[] = [];
  for (let index = firstEndingAt(set, { family: range.family, value: range.first }); index < set.length; index++) {
    const other = set[index];
    if (other === undefined || other.family !== range.family || other.first > range.last) break;
    found.push(other);
  }
  return found;
}

/** Index of the first range that ends at or after the address. */
function firstEndingAt(set: RangeSet, address: Address): number {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const range = set[middle];
    if (range === undefined) break;
    const before = range.family < address.family || (range.family === address.family && range.last < address.value);
    if (before) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** False for what is no address. */
export function rangesContain(set: RangeSet, address: string | Address): boolean {
  const wanted = typeof address === 'string' ? parseAddress(address) : address;
  if (wanted === undefined) return false;
  const range = set[firstEndingAt(set, wanted)];
  return range !== undefined && range.family === wanted.family && range.first <= wanted.value;
}

export function countAddresses(set: RangeSet): bigint {
  return set.reduce((sum, range) => sum + range.last - range.first + 1n, 0n);
}

/** The fewest CIDRs that cover exactly the set; single addresses stand without a prefix length. */
export function toCidrs(set: RangeSet): string[] {
  return set.flatMap(cidrsOf);
}

function cidrsOf({ family, first, last }: IpRange): string[] {
  const bits = addressBits(family);
  const cidrs: string[] = [];
  for (let value = first; value <= last; ) {
    let host = 0;
    while (host < bits) {
      const wider = 1n << BigInt(host + 1);
      if (value % wider !== 0n || value + wider - 1n > last) break;
      host++;
    }
    cidrs.push(formatAddress({ family, value }) + (host === 0 ? '' : `/${bits - host}`));
    value += 1n << BigInt(host);
  }
  return cidrs;
}

/** Every address as canonical text, lazily. */
export function* iterateAddresses(set: RangeSet): Generator<string, void, undefined> {
  for (const { family, first, last } of set) {
    for (let value = first; value <= last; value++) yield formatAddress({ family, value });
  }
}

/** The plain form that scans and coverage are stored in. */
export function toAddressRanges(set: RangeSet): AddressRange[] {
  return set.map(({ family, first, last }) => [
    formatAddress({ family, value: first }),
    formatAddress({ family, value: last }),
  ]);
}

/** Throws RangeError for what `toAddressRanges` did not make. */
export function fromAddressRanges(ranges: Iterable<AddressRange>): RangeSet {
  return mergeRanges(Array.from(ranges, fromAddressRange));
}

function fromAddressRange([from, to]: AddressRange): IpRange {
  const first = parseAddress(from);
  const last = parseAddress(to);
  if (first === undefined || last === undefined || first.family !== last.family || first.value > last.value) {
    throw new RangeError(`not a range of addresses: ${from} to ${to}`);
  }
  return { family: first.family, first: first.value, last: last.value };
}
