import type { DeltaSide, DeltaSubject, JudgedDelta } from '../model/delta.ts';
import type { DeltaKind } from '../model/delta-kinds.ts';
import type { Doubt, FirstDetermined } from '../model/judgement.ts';
import type { Protocol } from '../model/observation.ts';
import type { Policy } from '../model/policy.ts';
import { worse } from '../model/scales.ts';
import type { HostState } from '../model/state.ts';
import type { CoverageHistory } from './coverage-history.ts';
import type { GroupMemory } from './memory.ts';
import { gradeOf } from './probability.ts';
import type { Tally } from './rates.ts';
import { addCounts, type Counts } from './rates.ts';
import type { Survey } from './survey.ts';

/** What every host of a scan is judged with. */
export type ScanContext = {
  /** Counts the group's judged scans; this one. */
  tick: number;
  /** Epoch ms of this scan, and of the one before. */
  at: number;
  previousAt: number;
  policy: Policy;
  /** It looks again at what its scan left doubtful. */
  confirmation: boolean;
  /** It looks again, right after the first scan, at what was silent: what it finds was there. */
  baseline: boolean;
  /** What stays in doubt can be asked again soon: nothing needs to be told before that. */
  askable: boolean;
  group: GroupMemory;
  /** Index of this scan's nmap in the group's list of versions. */
  version: number;
  survey: Survey;
  history: CoverageHistory;
};

/** A delta not believed yet, and what a confirmation scan would have to look at, where one would help. */
export type Candidate = { delta: JudgedDelta; doubts: readonly Doubt[] };

/** What the judgement of one host, or of one service of it, comes to. */
export type Outcome = {
  deltas: JudgedDelta[];
  candidates: Candidate[];
  first: FirstDetermined[];
  notes: string[];
  /** Identities read, and how many of them told less than before. */
  identities: Tally;
  counts: Counts;
  /** What had been told and is over now. */
  resolved: DeltaSubject[];
};

export type HostOutcome = Outcome & { state: HostState | undefined };

export function emptyOutcome(): Outcome {
  return { deltas: [], candidates: [], first: [], notes: [], identities: { n: 0, m: 0 }, counts: {}, resolved: [] };
}

export function mergeOutcome(into: Outcome, from: Outcome): void {
  into.deltas.push(...from.deltas);
  into.candidates.push(...from.candidates);
  into.first.push(...from.first);
  into.notes.push(...from.notes);
  into.identities.n += from.identities.n;
  into.identities.m += from.identities.m;
  addCounts(into.counts, from.counts);
  into.resolved.push(...from.resolved);
}

export function isAnnounced(probability: number, policy: Policy): boolean {
  return !worse(gradeOf(probability), policy.minGrade);
}

/**
 * Silence that is sure enough to be told now. Where it can be asked again, or the next scan will, it may wait for that:
 * what was told can't be taken back.
 */
export function isSettled(
  probability: number,
  { askable, confirmation, policy, group }: Pick<ScanContext, 'askable' | 'confirmation' | 'policy' | 'group'>,
): boolean {
  if (askable) return probability < SETTLED.green;
  const limit = SETTLED[policy.minGrade];
  return probability < (confirmation || limit === 1 ? limit : limit * Math.min(1, group.tick / GROWN_UP) ** 2);
}

/** It takes so many scans to learn what is usual in a group: before that, what nobody can ask again has to be surer. */
const GROWN_UP = 10;

const SETTLED: Readonly<Record<Policy['minGrade'], number>> = { green: 0.05, amber: 0.1, red: 1 };

export type Service = { protocol: Protocol; port: number };

export function makeDelta(
  state: JudgedDelta['state'],
  kind: DeltaKind,
  address: string,
  service: Service | undefined,
  rest: { probability: number; evidence: readonly string[]; before?: DeltaSide; after?: DeltaSide },
): JudgedDelta {
  const port = service === undefined ? {} : { protocol: service.protocol, port: service.port };
  return { kind, address, ...port, state, grade: gradeOf(rest.probability), ...rest };
}

/** `ignore-tcpwrapped`: open, but nobody knows what; for this group that is nothing. */
export function isIgnored({ policy }: Pick<ScanContext, 'policy'>, name: string | undefined): boolean {
  return policy.ignoreTcpwrapped && name === 'tcpwrapped';
}
