import { betaMean, gradeOf, rounded } from './filter.ts';

/**
 * How often events happen, per service or host and scan, before the group's own history shows it. Each is worth a few
 * events: a group in which much changes, or nothing, soon has rates of its own.
 */
const PRIORS = {
  /** A service closes; behind a firewall that drops what is not open this looks like silence. */
  closed: 1.5e-3,
  /** A service falls silent for good where other ports answer with resets. */
  fell: 3e-4,
  /** A service opens. */
  opened: 1.5e-3,
  /** A host goes down; a host is connected. */
  down: 2e-3,
  appeared: 1e-3,
  /** A host drops everything but pings. */
  dark: 2e-4,
  /** A present service is silent for a moment, beyond what the path loses: restarted, busy. */
  blip: 3e-4,
  /** A present service refuses for a moment: it is restarting. */
  bounced: 1e-4,
  /** The path to one host loses all its ports but not its pings. */
  dimmed: 2e-4,
  /** Services and hosts that answer only now and then, as a share of all. */
  shy: 5e-4,
  shyHost: 3e-4,
} as const;

export type Rate = keyof typeof PRIORS;

/** Events that can happen to each host that answers, and to each of its services that is probed. */
export const HOST_RISKS = ['down', 'appeared', 'dark', 'dimmed'] as const;
export const SERVICE_RISKS = ['closed', 'fell', 'opened', 'bounced'] as const;

/** A prior counts as this many events. */
const WORTH = 0.5;
/** The furthest that a rate may move from its prior, as a factor. */
const SPREAD = 100;
/** The share of the older record that one scan keeps: the last fifty scans weigh most. */
const FADE = 0.98;

/** Trials and misses, fading with age. */
export type Tally = { trials: number; misses: number };

export const NO_TRIALS: Readonly<Tally> = { trials: 0, misses: 0 };

/** What one scan adds: trials and events for each rate. */
export type Counts = { [R in Rate]?: Tally };

export function rateOf({ rates }: { rates?: Counts }, rate: Rate): number {
  const { trials: n, misses: m } = rates?.[rate] ?? NO_TRIALS;
  const prior = PRIORS[rate];
  const learnt = (WORTH + Math.max(0, m)) / (WORTH / prior + n);
  return Math.min(prior * SPREAD, Math.max(prior / SPREAD, learnt));
}

export function count(counts: Counts, rate: Rate, n: number, m: number): void {
  const known = counts[rate] ?? NO_TRIALS;
  counts[rate] = { trials: known.trials + n, misses: known.misses + m };
}

export function addCounts(into: Counts, from: Counts): void {
  for (const [rate, { trials: n, misses: m }] of entries(from)) count(into, rate, n, m);
}

export function learnRates({ rates = {} }: { rates?: Counts }, scan: Counts, fade = FADE): Counts {
  const learnt: Counts = { ...rates };
  for (const [rate, { trials: n, misses: m }] of entries(scan)) {
    const known = rates[rate] ?? NO_TRIALS;
    learnt[rate] = { trials: rounded(known.trials * fade + n), misses: rounded(known.misses * fade + m) };
  }
  return learnt;
}

function entries(counts: Counts): [Rate, Tally][] {
  return Object.entries(counts) as [Rate, Tally][];
}

/** How often a scan misses something, before anything is known; every scan has its own weather. */
const ANY_MISS = 0.02;
/** What was known before counts as this many trials. */
export const PRIOR_WEIGHT = 5;

export function addToTally(tally: Tally, scan: Tally): Tally {
  if (scan.trials === 0) return tally;
  return {
    trials: shorter(tally.trials * FADE + scan.trials),
    misses: shorter(tally.misses * FADE + scan.misses),
  };
}

/** The group's pooled chance of a miss; before anything is known half of that of any day, as its weather is that of now. */
export function pooledMiss({ trials: n, misses: m }: Tally): number {
  return betaMean(ANY_MISS / 2, PRIOR_WEIGHT, m, n);
}

/** Whether it is certain that fewer of these are lost than of those; an upper bound by Chernoff. */
export function losesLess(these: Tally, those: Tally): boolean {
  const [q, p] = [these.misses / Math.max(1, these.trials), (those.misses + 0.5) / (those.trials + 1)];
  const distance = (q === 0 ? 0 : q * Math.log(q / p)) + (1 - q) * Math.log((1 - q) / (1 - p));
  return q < p && gradeOf(Math.exp(-these.trials * distance)) === 'green';
}

const shorter = (value: number): number => rounded(Math.round(value * 1000) / 1000);

/** Chance that a scan on another day misses something that is there, from the record of `scans` scans. */
export function missOfOtherDays(tally: Tally, scans: number): number {
  return (ANY_MISS + scans * pooledMiss(tally)) / (1 + scans);
}
