import type { Grade } from '../model/scales.ts';

/** How likely a service turns into another one in one scan, before any evidence. */
export const IDENTITY_CHANGES = 2e-4;

/** Left over even when something answered: wrong, spoofed or rewritten answers. */
export const STRONG_PROBABILITY = 0.001;

/** Chances are learnt from a finite record: none is ever quite 0 or 1. */
const [LEAST, MOST] = [1e-5, 0.95];

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
  return Math.min(MOST, Math.max(LEAST, chance));
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

/** Near enough, and a multiple of a power of two: the sum of many such is the same in whatever order, however it is parted. */
export function summable(chance: number): number {
  return Math.round(chance * 2 ** 30) / 2 ** 30;
}

/** Products of small chances, which need more digits than a probability that is told. */
export function significant(value: number): number {
  return Number(value.toPrecision(4));
}
