import type { Grade } from '../model/scales.ts';

/** How likely a service turns into another one in one scan, before any evidence. */
export const IDENTITY_CHANGES = 2e-4;

/** The doubt that remains even when something answered: wrong, spoofed or rewritten answers. */
export const STRONG_PROBABILITY = 0.001;

/**
 * So many hosts or ports that do the same at once do so for one reason, not by coincidence; and as many are asked where
 * one answer could be a coincidence.
 */
export const SEVERAL = 3;

/** So large a share of them is all: one answer more or less may be lost, or stray. */
export const NEARLY_ALL = 0.8;

/** Chances are learnt from a finite record, so none is ever exactly 0 or 1. */
const [LEAST, MOST] = [1e-5, 0.95];

/** A smaller chance of being false is certainty enough. */
export const CERTAIN_BELOW = 0.05;
const AMBER_BELOW = 0.3;

export function gradeOf(probability: number): Grade {
  if (probability < CERTAIN_BELOW) return 'green';
  return probability < AMBER_BELOW ? 'amber' : 'red';
}

/** Mean of a Beta posterior; its prior has this mean and weighs as much as `weight` trials. */
export function betaMean(prior: number, weight: number, misses: number, trials: number): number {
  return (prior * weight + misses) / (weight + trials);
}

export function boundMiss(chance: number): number {
  return Math.min(MOST, Math.max(LEAST, chance));
}

/** Probabilities are shown and stored with six digits. */
export function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** Precise enough, and a multiple of a power of two, so that a sum is the same in any order and grouping. */
export function summable(chance: number): number {
  return Math.round(chance * 2 ** 30) / 2 ** 30;
}

/** Products of small chances, which need more digits than a probability that is shown. */
export function significant(value: number): number {
  return Number(value.toPrecision(4));
}

/**
 * The judge's filter, the same for every host and every service. Each is steady (it answers if no probe is lost), shy
 * (it answers every other time, whatever the path does) or gone. An answer settles the question; a silence weighs the
 * three against each other. As long as something answers there is nothing to store: hits follow from what the scans
 * covered.
 */
export const SHY_MISSES = 0.5;

/** The share of present services that a few tries over seconds still miss: the path may be busy for minutes. */
export const CONFIRMATION_MISS = 0.03;

/** An ongoing silence: so many scans and confirmations without an answer. */
export type Silence = {
  scans: number;
  confirmations?: number;
  /** Chance that all these probes were lost: the product of their chances. */
  lost: number;
};

/**
 * How much better its record fits a shy one than a steady one: `[ratio, tick]` after its last silence that ended. How
 * many are shy is a separate question that the group keeps learning.
 */
export type Shyness = readonly [ratio: number, tick: number];

const looks = ({ scans, confirmations = 0 }: Silence): number => scans + confirmations;

/** Chance that something silent is still there. `gone`: how often such a thing disappears in one scan. */
export function stillThere(silence: Silence, shy: number, gone: number): number {
  const there = (silence.lost + shy * SHY_MISSES ** looks(silence)) / (1 + shy);
  return rounded(there / (there + gone));
}

/**
 * Chance that something seen for the first time was there before. `missed`: chance that one scan misses it. `elsewise`:
 * chance that something that was not there would also have been silent.
 */
export function wasThere(
  before: { looks: number; missed: number; shy: number; elsewise: number },
  comes: number,
): number {
  const { looks: n, missed, shy, elsewise } = before;
  const unseen = (missed ** n + shy * SHY_MISSES ** n) / (1 + shy);
  const fresh = comes * (elsewise + (1 - elsewise) * missed ** n);
  return rounded(unseen / (unseen + fresh));
}

/** A steady one can always start to be shy. */
const STEADIEST = 0.1;

/** The ratio after `hits` answers in a row; multiplied by the share of shy ones it gives the odds. */
export function shyness(known: Shyness | undefined, hits: number): number {
  return Math.max(STEADIEST, (known?.[0] ?? 1) * SHY_MISSES ** Math.min(hits, 60));
}

/** It answered after a silence: either the probes were lost, or it is shy. */
export function shynessAfter(silence: Silence, before: number, tick: number): Shyness {
  const ratio = (before * SHY_MISSES ** (looks(silence) + 1)) / Math.max(silence.lost, 1e-12);
  return [significant(Math.min(1 / LEAST, ratio)), tick];
}
