import type { HostObservation } from '../../core/model/observation.ts';
import { parseAddress, placeOf, sortAddresses } from '../../core/network/addresses.ts';

type Slice = { left: number; hosts: HostObservation[] };

export type AddressSlices = {
  add(host: HostObservation): void;
  /** Whether every slice was passed on. */
  areWhole(): boolean;
};

/**
 * Passes on hosts in slices of the order of their addresses, each slice as soon as it is complete. nmap writes its hosts
 * nearly in that order, so that few slices are open at a time.
 */
export function createAddressSlices(
  addresses: Iterable<string>,
  size: number,
  take: (hosts: readonly HostObservation[]) => void,
): AddressSlices {
  const sorted = sortAddresses(addresses);
  const slices: Slice[] = [];
  const starts: bigint[] = [];
  for (let at = 0; at < sorted.length; at += size) {
    slices.push({ left: Math.min(size, sorted.length - at), hosts: [] });
    starts.push(placeIn(sorted[at] ?? ''));
  }
  let next = 0;
  return {
    add(host) {
      const slice = slices[lastUpTo(starts, placeIn(host.address))];
      if (slice === undefined) return;
      slice.hosts.push(host);
      slice.left -= 1;
      for (let first = slices[next]; first?.left === 0; first = slices[++next]) {
        take(first.hosts);
        first.hosts = [];
      }
    },
    areWhole: () => next === slices.length,
  };
}

/** An address without a place would come last. */
function placeIn(text: string): bigint {
  const address = parseAddress(text);
  return address === undefined ? -1n : placeOf(address);
}

/** Index of the last start that is not beyond the place. */
function lastUpTo(starts: readonly bigint[], place: bigint): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? place) <= place) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
