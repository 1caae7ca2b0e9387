import { rounded, significant } from './probability.ts';

/**
 * The judge's filter, one for every host and every service. It is steady (it answers, if no probe is lost), or shy (it
 * answers every other time, whatever the path does), or gone. An answer ends the question; a silence weighs the three
 * against each other. As long as something answers there is nothing to store: hits follow from what the scans covered.
 */
export const SHY_MISSES = 0.5;

/** A few tries over seconds still miss so much of what is there: the path to it may be busy for minutes. */
export const CONFIRMATION_MISS = 0.03;

/** A silence that goes on: `k` scans and `x` confirmations without an answer. */
export type Silence = {
  k: number;
  x?: number;
  /** Chance that all these probes were lost: the product over them. */
  l: number;
};

/**
 * How much better its record goes with its being shy than with its being steady: `[ratio, tick]` after its last silence
 * that was broken. How many are shy is another question, whose answer the group goes on learning.
 */
export type Shyness = readonly [ratio: number, tick: number];

const looks = ({ k, x = 0 }: Silence): number => k + x;

/** Chance that what is silent is there all the same. `gone`: how often such a thing goes in one scan. */
export function stillThere(silence: Silence, shy: number, gone: number): number {
  const there = (silence.l + shy * SHY_MISSES ** looks(silence)) / (1 + shy);
  return rounded(there / (there + gone));
}

/**
 * Chance that what is seen for the first time was there before. `missed`: that one look misses it. `elsewise`: chance that
 * something that was not there would have looked so too: silent.
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

/** Nothing is so steady that it can't begin to be shy, or so shy that it can't become steady. */
const LEAST = 0.1;
const MOST = 1e5;

/** The ratio after `hits` answers in a row; times the share of all that are shy: the odds. */
export function shyness(known: Shyness | undefined, hits: number): number {
  return Math.max(LEAST, (known?.[0] ?? 1) * SHY_MISSES ** Math.min(hits, 60));
}

/** It answered after a silence: lost probes explain that, or its being shy. */
export function shynessAfter(silence: Silence, before: number, tick: number): Shyness {
  const ratio = (before * SHY_MISSES ** (looks(silence) + 1)) / Math.max(silence.l, 1e-12);
  return [significant(Math.min(MOST, ratio)), tick];
}
