import { type Address, parseAddress } from './addresses.ts';
import type { IpRange, RangeSet } from './ranges.ts';

/** What one address costs, in any unit: one that nothing is known of, and one that was up the last time. */
export type Costs = { unknown: number; up: number };

export type SplitLimits = {
  /** So much is one part. */
  work: number;
  /** So many addresses are one part, however little work they are. */
  addresses: number;
  /** No part is made smaller than this for its work. */
  fewest: number;
  /** Where there would be more, all become larger. */
  parts: number;
};

/**
 * Splits a set into parts of about the same work, each of one family, in order. Its time depends on the number of ranges,
 * parts and addresses known to be up, never on the number of addresses.
 */
export function splitByWork(
  set: RangeSet,
  up: Iterable<string>,
  costs: Costs,
  { work, addresses, fewest, parts }: SplitLimits,
): RangeSet[] {
  const shareOf = (cost: number): number => Math.max(cost / work, 1 / addresses);
  const pieces = weigh(set, up, { unknown: shareOf(costs.unknown), up: shareOf(costs.up) });
  const total = pieces.reduce((sum, { count, cost }) => sum + count * cost, 0);
  // Some room for what does not come out even: a part's last address, the meeting of two families.
  const full = Math.max(1, total / Math.max(1, parts * EVEN - 1));
  return cut(pieces, full, fewest);
}

/** Share of the parts that whole ones would make. */
const EVEN = 0.98;

/** Addresses that cost the same, side by side. */
type Piece = { range: IpRange; count: number; cost: number };

function weigh(set: RangeSet, up: Iterable<string>, costs: Costs): Piece[] {
  const known = sorted(up);
  const pieces: Piece[] = [];
  const add = (range: IpRange, cost: number): void => {
    if (range.first <= range.last) pieces.push({ range, count: Number(range.last - range.first + 1n), cost });
  };
  let index = 0;
  for (const range of set) {
    let first = range.first;
    for (; index < known.length; index++) {
      const address = known[index];
      if (address === undefined || isAfter(address, range)) break;
      if (address.family !== range.family || address.value < first) continue;
      add({ ...range, first, last: address.value - 1n }, costs.unknown);
      add({ ...range, first: address.value, last: address.value }, costs.up);
      first = address.value + 1n;
    }
    add({ ...range, first }, costs.unknown);
  }
  return pieces;
}

function sorted(up: Iterable<string>): Address[] {
  const addresses: Address[] = [];
  for (const text of up) {
    const address = parseAddress(text);
    if (address !== undefined) addresses.push(address);
  }
  return addresses.sort((a, b) => a.family - b.family || (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
}

const isAfter = ({ family, value }: Address, range: IpRange): boolean =>
  family > range.family || (family === range.family && value > range.last);

function cut(pieces: readonly Piece[], full: number, fewest: number): RangeSet[] {
  const parts: IpRange[][] = [];
  let part: IpRange[] = [];
  let [load, size] = [0, 0];
  for (const { range, count, cost } of pieces) {
    if (part[0] !== undefined && part[0].family !== range.family) part = [];
    for (let left = count; left > 0; ) {
      if (part.length === 0 || (load >= full - TINY && size >= fewest)) {
        part = [];
        parts.push(part);
        [load, size] = [0, 0];
      }
      const taken = Math.min(left, Math.max(Math.ceil((full - load) / cost - TINY), fewest - size, 1));
      const first = range.last - BigInt(left) + 1n;
      append(part, { ...range, first, last: first + BigInt(taken) - 1n });
      load += taken * cost;
      size += taken;
      left -= taken;
    }
  }
  return parts;
}

/** Sums of shares are whole only nearly. */
const TINY = 1e-6;

function append(part: IpRange[], range: IpRange): void {
  const last = part.at(-1);
  if (last !== undefined && last.last + 1n === range.first) last.last = range.last;
  else part.push(range);
}
