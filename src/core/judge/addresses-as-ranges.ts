import { parseAddress } from '../addresses.ts';
import { mergeRanges, type RangeSet } from '../ranges.ts';

/** Many addresses in as few ranges as they make; what is no address is left out. */
export function rangesOf(addresses: readonly string[]): RangeSet {
  return mergeRanges(
    addresses.flatMap((text) => {
      const address = parseAddress(text);
      return address === undefined ? [] : [{ family: address.family, first: address.value, last: address.value }];
    }),
  );
}
