import type { Grade } from '../model/scales.ts';

/**
 * How likely a change is in one scan, before any evidence. From judging recorded series: higher values tell real changes
 * a scan earlier and let a path with 10 % loss raise false ones.
 */
export const PRIOR = {
  /** A service begins to drop probes silently (one that closes with a reset needs no prior). */
  serviceSilent: 5e-5,
  /** A host goes down. */
  hostDown: 7e-5,
  /** A service is opened. */
  serviceOpened: 5e-4,
  /** A host is connected. */
  hostAppeared: 3e-4,
  /** A service turns into another one. */
  identity: 2e-4,
} as const;

/** Left over even when something answered: wrong, spoofed or rewritten answers. */
export const STRONG_PROBABILITY = 0.001;

/** Nothing is missed more rarely than this, whatever the record says: a restart, a full queue, a moment's load. */
export const MISS_FLOOR = 0.02;
const MISS_CEILING = 0.95;

const GREEN_BELOW = 0.05;
const AMBER_BELOW = 0.3;

export function gradeOf(probability: number): Grade {
  if (probability < GREEN_BELOW) return 'green';
  return probability < AMBER_BELOW ? 'amber' : 'red';
}

/** Mean of a Beta posterior whose prior has this mean and weighs as much as `weight` trials. */
export function betaMean(prior: number, weight: number, misses: number, trials: number): number {
  return (prior * weight + misses) / (weight + trials);
}

export function boundMiss(chance: number): number {
  return Math.min(MISS_CEILING, Math.max(MISS_FLOOR, chance));
}

/** A host answers to several kinds of probes. */
const HOST_MISS_FLOOR = 0.01;

export function boundHostMiss(chance: number): number {
  return Math.min(MISS_CEILING, Math.max(HOST_MISS_FLOOR, chance));
}

/**
 * Chance that what was missed is there all the same: (1-c)·m^k / ((1-c)·m^k + c), where `missed` is m^k, or the product
 * of the chances when they differ from scan to scan.
 */
export function falsePositive(missed: number, prior: number): number {
  const there = (1 - prior) * missed;
  return rounded(there / (there + prior));
}

/** Probabilities are told and stored with six digits. */
export function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** Products of small chances, which need more digits than a probability that is told. */
export function significant(value: number): number {
  return Number(value.toPrecision(4));
}
