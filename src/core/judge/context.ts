import type { DeltaSide, DeltaSubject, JudgedDelta } from '../model/delta.ts';
import type { DeltaKind } from '../model/delta-kinds.ts';
import type { Doubt, FirstDetermined, ScanEvidence } from '../model/judgement.ts';
import type { Protocol } from '../model/observation.ts';
import type { Policy } from '../model/policy.ts';
import { worse } from '../model/scales.ts';
import type { HostState } from '../model/state.ts';
import { type CoverageHistory, coverageHistory } from './coverage-history.ts';
import { CERTAIN_BELOW, gradeOf } from './filter.ts';
import type { GroupMemory } from './memory.ts';
import { addCounts, type Counts, type Tally } from './rates.ts';
import type { Survey } from './survey.ts';

/** The context in which every host of a scan is judged. */
export type ScanContext = {
  /** Counts the group's judged scans, this one included. */
  tick: number;
  /** Epoch ms of this scan, and of the one before. */
  at: number;
  previousAt: number;
  policy: Policy;
  /** The scan checks again what its parent scan left in doubt. */
  confirmation: boolean;
  /** The scan checks, right after the first one, what was silent: whatever it finds was there. */
  baseline: boolean;
  /** Doubts can be confirmed soon, so nothing has to be reported before that. */
  askable: boolean;
  group: GroupMemory;
  /** Index of this scan's nmap in the group's list of versions. */
  version: number;
  survey: Survey;
  history: CoverageHistory;
};

export function openContext(group: GroupMemory, evidence: ScanEvidence, policy: Policy, survey: Survey): ScanContext {
  const known = group.nmap.indexOf(evidence.nmapVersion);
  return {
    tick: group.tick + 1,
    at: evidence.at,
    previousAt: group.at === 0 ? evidence.at : group.at,
    policy,
    group,
    version: known === -1 ? group.nmap.length : known,
    survey,
    confirmation: false,
    baseline: false,
    askable: evidence.askable ?? false,
    history: coverageHistory(group.coverage),
  };
}

/** Services store the index of the version that read them. */
export function withVersion({ nmap }: GroupMemory, { nmapVersion }: ScanEvidence): readonly string[] {
  return nmap.includes(nmapVersion) ? nmap : [...nmap, nmapVersion];
}

/** A delta that is not believed yet, and what a confirmation scan should probe, where one would help. */
export type Candidate = { delta: JudgedDelta; doubts: readonly Doubt[] };

/** The result of judging one host, or one service of it. */
export type Outcome = {
  deltas: JudgedDelta[];
  candidates: Candidate[];
  first: FirstDetermined[];
  notes: string[];
  /** Identities that were read, and how many of them were less specific than before. */
  identities: Tally;
  counts: Counts;
  /** Reported changes that are over now. */
  resolved: DeltaSubject[];
};

export type HostOutcome = Outcome & { state: HostState | undefined };

export function emptyOutcome(): Outcome {
  return {
    deltas: [],
    candidates: [],
    first: [],
    notes: [],
    identities: { trials: 0, misses: 0 },
    counts: {},
    resolved: [],
  };
}

export function mergeOutcome(into: Outcome, from: Outcome): void {
  into.deltas.push(...from.deltas);
  into.candidates.push(...from.candidates);
  into.first.push(...from.first);
  into.notes.push(...from.notes);
  into.identities.trials += from.identities.trials;
  into.identities.misses += from.identities.misses;
  addCounts(into.counts, from.counts);
  into.resolved.push(...from.resolved);
}

export function isAnnounced(probability: number, policy: Policy): boolean {
  return !worse(gradeOf(probability), policy.minGrade);
}

/**
 * Whether silence is certain enough to be reported now. Where a confirmation or the next scan can check it, it may
 * wait: a report can't be taken back.
 */
export function isSettled(
  probability: number,
  { askable, confirmation, policy, group }: Pick<ScanContext, 'askable' | 'confirmation' | 'policy' | 'group'>,
): boolean {
  if (askable) return probability < SETTLED.green;
  const limit = SETTLED[policy.minGrade];
  return probability < (confirmation || limit === 1 ? limit : limit * Math.min(1, group.tick / GROWN_UP) ** 2);
}

/**
 * Scans that it takes to learn what is usual in a group. Before that, a change that can't be confirmed has to be more
 * certain.
 */
const GROWN_UP = 10;

const SETTLED: Readonly<Record<Policy['minGrade'], number>> = { green: CERTAIN_BELOW, amber: 0.1, red: 1 };

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

/** `ignore-tcpwrapped`: the port is open but the service unknown, which does not count in this group. */
export function isIgnored({ policy }: Pick<ScanContext, 'policy'>, name: string | undefined): boolean {
  return policy.ignoreTcpwrapped && name === 'tcpwrapped';
}
