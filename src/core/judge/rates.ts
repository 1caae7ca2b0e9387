import { betaMean, rounded } from './probability.ts';

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
  down: 2e-3,
  appeared: 1e-3,
  /** A host drops everything but pings. */
  dark: 2e-4,
  /** A service that is there says nothing for a moment, beyond what the path loses: restarted, busy. */
  blip: 3e-4,
  /** A service that is there refuses for a moment: it restarts. */
  bounced: 1e-4,
  /** The path to one host loses all its ports but not its pings. */
  dimmed: 2e-4,
} as const;

/**
 * Services and hosts that answer only now and then, as a share of all. Most groups have next to none, some have many; so
 * this prior is worth little.
 */
const SHARES = { shy: 5e-4, shyHost: 3e-4 } as const;

export type Rate = keyof typeof PRIORS | keyof typeof SHARES;

/** What can happen to each host that answers, and to each of its services that is asked. */
export const HOST_RISKS = ['down', 'appeared', 'dark', 'dimmed'] as const;
export const SERVICE_RISKS = ['closed', 'fell', 'opened', 'bounced'] as const;

/** A prior counts as so many events, or members of a share. */
const WORTH = { event: 0.5, member: 0.1 };
/** Never further from the prior than this. */
const SPREAD = { event: 25, member: 100 };
/** What one scan leaves of the record before it; of shares, which each scan reckons anew from all that is known. */
const FADE = 0.98;
const FADE_SHARES = 0.5;

/** Trials and misses, fading with age. */
export type Tally = { n: number; m: number };

/** What one scan adds: trials and events of each rate. */
export type Counts = { [R in Rate]?: Tally };

export function rateOf({ rates }: { rates?: Counts }, rate: Rate): number {
  const [prior, of] = isShare(rate) ? ([SHARES[rate], 'member'] as const) : ([PRIORS[rate], 'event'] as const);
  const { n, m } = rates?.[rate] ?? { n: 0, m: 0 };
  const learnt = (WORTH[of] + Math.max(0, m)) / (WORTH[of] / prior + n);
  return Math.min(prior * SPREAD[of], Math.max(prior / SPREAD[of], learnt));
}

const isShare = (rate: Rate): rate is keyof typeof SHARES => rate in SHARES;

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
    const left = isShare(rate) ? FADE_SHARES : fade;
    learnt[rate] = { n: rounded(known.n * left + n), m: rounded(known.m * left + m) };
  }
  return learnt;
}

function entries(counts: Counts): [Rate, Tally][] {
  return Object.entries(counts) as [Rate, Tally][];
}

/** What one scan leaves of the record before it: the last ten scans weigh most. */
const FADE_TALLY = 0.9;

/** Before anything is known: 1 %, worth 5 trials. */
const PRIOR_MISS = 0.01;
const PRIOR_WEIGHT = 5;

export function addToTally(tally: Tally, scan: Tally): Tally {
  if (scan.n === 0) return tally;
  return { n: shorter(tally.n * FADE_TALLY + scan.n), m: shorter(tally.m * FADE_TALLY + scan.m) };
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
