import { familyOf, type IpRange, type IpRanges } from './address-ranges.ts';
import { parseAddress, placeOf } from './addresses.ts';

/** The cost of one address, in any unit: one about which nothing is known, and one that was up the last time. */
export type Costs = { unknown: number; up: number };

export type SplitLimits = {
  /** The work of one part. */
  work: number;
  /** The most addresses in one part, however little work they are. */
  addresses: number;
  /** A part is never made smaller than this because of its work. */
  fewest: number;
  /** The most parts; beyond it all parts grow. */
  parts: number;
};

/**
 * Splits a set into parts of about the same work, each of one family, in order. Its time depends on the number of
 * ranges, parts and addresses known to be up, never on the number of addresses.
 */
export function splitByWork(
  set: IpRanges,
  up: Iterable<string>,
  costs: Costs,
  { work, addresses, fewest, parts }: SplitLimits,
): IpRanges[] {
  const shareOf = (cost: number): number => Math.max(cost / work, 1 / addresses);
  const pieces = weigh(set, up, { unknown: shareOf(costs.unknown), up: shareOf(costs.up) });
  const total = pieces.reduce((sum, { count, cost }) => sum + count * cost, 0);
  // Some slack for what does not divide evenly: a part's last address, the boundary between two families.
  const full = Math.max(1, total / Math.max(1, parts * EVEN - 1));
  return cut(pieces, full, fewest);
}

/** The share of the allowed parts that full ones would use. */
const EVEN = 0.98;

/** Adjacent addresses that cost the same. */
type Piece = { range: IpRange; count: number; cost: number };

function weigh(set: IpRanges, up: Iterable<string>, costs: Costs): Piece[] {
  const known = sorted(up);
  const pieces: Piece[] = [];
  const add = (first: bigint, last: bigint, cost: number): void => {
    if (first <= last) pieces.push({ range: [first, last], count: Number(last - first + 1n), cost });
  };
  let index = 0;
  for (const [start, last] of set) {
    let first = start;
    for (; index < known.length; index++) {
      const place = known[index];
      if (place === undefined || place > last) break;
      if (place < first) continue;
      add(first, place - 1n, costs.unknown);
      add(place, place, costs.up);
      first = place + 1n;
    }
    add(first, last, costs.unknown);
  }
  return pieces;
}

function sorted(up: Iterable<string>): bigint[] {
  const places: bigint[] = [];
  for (const text of up) {
    const address = parseAddress(text);
    if (address !== undefined) places.push(placeOf(address));
  }
  return places.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function cut(pieces: readonly Piece[], full: number, fewest: number): IpRanges[] {
  const parts: [bigint, bigint][][] = [];
  let part: [bigint, bigint][] = [];
  let [load, size] = [0, 0];
  for (const { range, count, cost } of pieces) {
    if (part[0] !== undefined && familyOf(part[0]) !== familyOf(range)) part = [];
    for (let left = count; left > 0; ) {
      if (part.length === 0 || (load >= full - TINY && size >= fewest)) {
        part = [];
        parts.push(part);
        [load, size] = [0, 0];
      }
      const taken = Math.min(left, Math.max(Math.ceil((full - load) / cost - TINY), fewest - size, 1));
      const first = range[1] - BigInt(left) + 1n;
      append(part, first, first + BigInt(taken) - 1n);
      load += taken * cost;
      size += taken;
      left -= taken;
    }
  }
  return parts;
}

/** Sums of fractions are only nearly whole. */
const TINY = 1e-6;

function append(part: [bigint, bigint][], first: bigint, last: bigint): void {
  const before = part.at(-1);
  if (before !== undefined && before[1] + 1n === first) before[1] = last;
  else part.push([first, last]);
}
