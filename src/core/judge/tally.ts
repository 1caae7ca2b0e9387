import type { Tally } from './memory.ts';
import { betaMean, rounded } from './probability.ts';

/** What one scan leaves of the record before it: the last ten scans weigh most. */
const FADE = 0.9;

/** Before anything is known: 2 %, worth 20 trials. */
const PRIOR_MISS = 0.02;
const PRIOR_WEIGHT = 20;
const CAUTIOUS_MISS = 0.08;

export function addToTally(tally: Tally, scan: Tally): Tally {
  if (scan.n === 0) return tally;
  return { n: shorter(tally.n * FADE + scan.n), m: shorter(tally.m * FADE + scan.m) };
}

/** The group's pooled chance of a miss. */
export function pooledMiss({ n, m }: Tally): number {
  return betaMean(PRIOR_MISS, PRIOR_WEIGHT, m, n);
}

/** Without the first miss of a run of `k` that is still open: what is being asked must not be part of the answer. */
export function pooledMissWithout({ n, m }: Tally, k: number): number {
  return pooledMiss({ n, m: k === 0 ? m : Math.max(0, m - FADE ** (k - 1)) });
}

/** The same for deciding what is unusual: on a path not known yet, more misses are usual. */
export function cautiousMiss({ n, m }: Tally): number {
  return betaMean(CAUTIOUS_MISS, PRIOR_WEIGHT, m, n);
}

const shorter = (value: number): number => rounded(Math.round(value * 1000) / 1000);
