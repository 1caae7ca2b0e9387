import { type Address, parseAddress } from './addresses.ts';
import { mergeRanges, type RangeSet } from './ranges.ts';

/** Many addresses in as few ranges as they make; what is no address is left out. */
export function rangesOf(addresses: readonly string[]): RangeSet {
  return mergeRanges(
    addresses.flatMap((text) => {
      const address = parseAddress(text);
      return address === undefined ? [] : [{ family: address.family, first: address.value, last: address.value }];
    }),
  );
}

/** By number; each is parsed once, which a comparing function would do over and over. */
export function sortAddresses(addresses: Iterable<string>): string[] {
  return Array.from(addresses, (text) => ({ text, address: parseAddress(text) }))
    .sort((a, b) => order(a.address, b.address) || (a.text < b.text ? -1 : 1))
    .map(({ text }) => text);
}

function order(a: Address | undefined, b: Address | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (a.family !== b.family) return a.family - b.family;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}
