import type { IpRanges } from '../../../src/core/network/address-ranges.ts';
import { addressAt, formatAddress } from '../../../src/core/network/addresses.ts';

/** Every address of a small set, as canonical text. */
export function* eachAddress(set: IpRanges): Generator<string, void, undefined> {
  for (const [first, last] of set)
    for (let place = first; place <= last; place++) yield formatAddress(addressAt(place));
}
