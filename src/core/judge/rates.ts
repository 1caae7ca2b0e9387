import { rounded } from './probability.ts';

/**
 * How often things happen, per service or host and scan, before the group's own history says so. Each is worth a few
 * events: a group in which much changes, or nothing, soon has rates of its own.
 */
const PRIORS = {
  /** A service closes; behind a firewall that drops what is not open this looks like silence. */
  closed: 1.5e-3,
  /** A service falls silent for good where other ports answer with resets. */
  fell: 3e-4,
  /** A service opens. */
  opened: 1.5e-3,
  /** A host goes down; one is connected. */
  down: 3e-4,
  appeared: 1e-3,
  /** A host drops everything but pings. */
  dark: 2e-4,
  /** Services and hosts that answer only now and then, as a share of all. */
  shy: 5e-4,
  shyHost: 3e-4,
  /** A service that is there says nothing for a moment, beyond what the path loses: restarted, busy. */
  blip: 3e-4,
  /** The path to one host loses all its ports but not its pings. */
  dimmed: 5e-4,
} as const;
export type Rate = keyof typeof PRIORS;

/** A prior counts as so many events. */
const WORTH = 0.5;
/** Never further from the prior than this. */
const SPREAD = 25;
/** What one scan leaves of the record before it. */
const FADE = 0.98;

/** Trials and misses, fading with age. */
export type Tally = { n: number; m: number };

/** What one scan adds: trials and events of each rate. */
export type Counts = { [R in Rate]?: Tally };

export function rateOf({ rates }: { rates?: Counts }, rate: Rate): number {
  const prior = PRIORS[rate];
  const { n, m } = rates?.[rate] ?? { n: 0, m: 0 };
  const learnt = (WORTH + Math.max(0, m)) / (WORTH / prior + n);
  return Math.min(prior * SPREAD, Math.max(prior / SPREAD, learnt));
}

export function count(counts: Counts, rate: Rate, n: number, m: number): void {
  const known = counts[rate] ?? { n: 0, m: 0 };
  counts[rate] = { n: known.n + n, m: known.m + m };
}

export function addCounts(into: Counts, from: Counts): void {
  for (const [rate, { n, m }] of entries(from)) count(into, rate, n, m);
}

export function learnRates({ rates = {} }: { rates?: Counts }, scan: Counts, fade = FADE): Counts {
  const learnt: Counts = { ...rates };
  for (const [rate, { n, m }] of entries(scan)) {
    const known = rates[rate] ?? { n: 0, m: 0 };
    learnt[rate] = { n: rounded(known.n * fade + n), m: rounded(known.m * fade + m) };
  }
  return learnt;
}

function entries(counts: Counts): [Rate, Tally][] {
  return Object.entries(counts) as [Rate, Tally][];
}
