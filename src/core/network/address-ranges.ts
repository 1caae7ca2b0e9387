import type { AddressRange } from '../model/observation.ts';
import { type Address, addressAt, addressBits, formatAddress, parseAddress, placeOf } from './addresses.ts';
import { inRanges, mergeRanges, type Range, type RangeSet } from './range-set.ts';

/** Ranges by position on the line of all addresses: see `placeOf`. A range never spans both families. */
export type IpRange = Range<bigint>;
export type IpRanges = RangeSet<bigint>;

export const ipRange = (first: Address, last = first): IpRange => [placeOf(first), placeOf(last)];

/** The addresses in as few ranges as possible; invalid addresses are left out. */
export function rangesOf(addresses: readonly string[]): IpRanges {
  return mergeRanges(
    addresses.flatMap((text) => {
      const address = parseAddress(text);
      return address === undefined ? [] : [ipRange(address)];
    }),
  );
}

/** False for an invalid address. */
export function rangesContain(set: IpRanges, address: string): boolean {
  const wanted = parseAddress(address);
  return wanted !== undefined && inRanges(set, placeOf(wanted));
}

export function countAddresses(set: IpRanges): bigint {
  return set.reduce((sum, [first, last]) => sum + last - first + 1n, 0n);
}

export const familyOf = ([first]: IpRange): Address['family'] => addressAt(first).family;

/** The fewest CIDRs that cover exactly the set; single addresses have no prefix length. */
export function toCidrs(set: IpRanges): string[] {
  return set.flatMap(cidrsOf);
}

function cidrsOf(range: IpRange): string[] {
  const { family, value: first } = addressAt(range[0]);
  const { value: last } = addressAt(range[1]);
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

/** The plain form in which scans and coverage are stored. */
export function toAddressRanges(set: IpRanges): AddressRange[] {
  return set.map(([first, last]) => [formatAddress(addressAt(first)), formatAddress(addressAt(last))]);
}

/** Throws RangeError for anything that `toAddressRanges` did not write. */
export function fromAddressRanges(ranges: Iterable<AddressRange>): IpRanges {
  return mergeRanges(Array.from(ranges, fromAddressRange));
}

function fromAddressRange([from, to]: AddressRange): IpRange {
  const first = parseAddress(from);
  const last = parseAddress(to);
  if (first === undefined || last === undefined || first.family !== last.family || first.value > last.value) {
    throw new RangeError(`not a range of addresses: ${from} to ${to}`);
  }
  return ipRange(first, last);
}
