import { countAddresses, fromAddressRanges } from '../network/address-ranges.ts';
import type { ChunkRequest } from './scan.ts';

/**
 * The limits for reading one result. A worker's result is untrusted input: however small it arrives, it may unpack to
 * anything.
 */
export type ReadBudget = {
  /** Of unpacked XML. */
  bytes: number;
  ms: number;
};

const MIB = 1024 * 1024;
/** One host with every port open and named is about 20 MiB; most are under 10 KiB. */
const BYTES = { first: 64 * MIB, each: MIB / 4, most: 4096 * MIB };
/** A hundred times what it normally takes. */
const MS = { first: 60_000, each: 20, most: 3_600_000 };

/** For the result of one chunk. */
export function readBudget(request: Pick<ChunkRequest, 'ranges'>): ReadBudget {
  const addresses = Number(countAddresses(fromAddressRanges(request.ranges)));
  return { bytes: within(BYTES, addresses), ms: within(MS, addresses) };
}

/** For reading and judging a whole scan against a belief with `known` hosts, ms. */
export function judgeBudget(chunks: readonly ChunkRequest[], known: number): number {
  const addresses = chunks.reduce((sum, { ranges }) => sum + countAddresses(fromAddressRanges(ranges)), 0n);
  return 2 * within(MS, Number(addresses) + known);
}

function within({ first, each, most }: typeof MS, count: number): number {
  return Math.min(most, first + each * count);
}
