import { betaMean, rounded } from './probability.ts';
import type { Tally } from './rates.ts';

/** What one scan leaves of the record before it: the last ten scans weigh most. */
const FADE = 0.9;

/** Before anything is known: 1 %, worth 5 trials. */
const PRIOR_MISS = 0.01;
const PRIOR_WEIGHT = 5;

export function addToTally(tally: Tally, scan: Tally): Tally {
  if (scan.n === 0) return tally;
  return { n: shorter(tally.n * FADE + scan.n), m: shorter(tally.m * FADE + scan.m) };
}

/** The group's pooled chance of a miss. */
export function pooledMiss({ n, m }: Tally): number {
  return betaMean(PRIOR_MISS, PRIOR_WEIGHT, m, n);
}

const shorter = (value: number): number => rounded(Math.round(value * 1000) / 1000);

/** Each scan has its own weather: a miss in scans that are not known any more, or not yet. */
const ANY_WEATHER = 0.02;

/** Chance that a scan of some other day misses what is there, from the record of so many scans. */
export function missOfOtherDays(tally: Tally, scans: number): number {
  return (ANY_WEATHER + scans * pooledMiss(tally)) / (1 + scans);
}
