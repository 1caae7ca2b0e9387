import { grouped } from '../grouped.ts';
import { type DeltaSubject, deltaKey, type JudgedDelta } from '../model/delta.ts';
import type { Belief } from '../model/judgement.ts';
import type { HostState } from '../model/state.ts';
import { subnetOf } from '../network/addresses.ts';
import { countPorts, NO_PORTS } from '../network/port-sets.ts';
import {
  type Candidate,
  emptyOutcome,
  type HostOutcome,
  isSettled,
  makeDelta,
  mergeOutcome,
  type Outcome,
  type ScanContext,
} from './context.ts';
import { answeringPorts, anyHeard, knockPorts } from './controls.ts';
import { boundMiss, CONFIRMATION_MISS, SEVERAL, significant, stillThere } from './filter.ts';
import { judgeAnswer } from './host-answered.ts';
import { PATH_LOST } from './loss.ts';
import { type HostMemory, hostMemory, keepHost } from './memory.ts';
import { count, rateOf } from './rates.ts';
import type { Reading } from './reading.ts';
import { times } from './service-silent.ts';

type Darkness = NonNullable<HostMemory['dark']>;

/** On a dark host, only ports that still answer are judged one by one. */
export function judgeAnswered(context: ScanContext, state: HostState, reading: Reading): HostOutcome {
  const { controls, dark, scanMiss } = context.survey;
  const { dark: e, ...memory } = hostMemory(state.memory);
  if (dark.has(state.address)) {
    const heard = { ...reading, silent: NO_PORTS };
    if (scanMiss > PATH_LOST) return judgeAnswer(context, state, heard, 'answered');
    const night = judgeDark(context, state);
    const judged = judgeAnswer(context, state, heard, 'answered');
    mergeOutcome(judged, night);
    return { ...judged, state: withMemory(judged.state, { dark: night.dark }) };
  }
  const known = controls.get(state.address);
  if (e === undefined || known === undefined || !anyHeard(known))
    return judgeAnswer(context, state, reading, 'answered');
  const judged = judgeAnswer(context, { ...state, memory }, reading, 'answered');
  mergeOutcome(judged, endDark(state, e));
  return judged;
}

function withMemory(state: HostState | undefined, change: HostMemory): HostState | undefined {
  return state === undefined ? state : { ...state, memory: keepHost({ ...hostMemory(state.memory), ...change }) };
}

/**
 * The host answers, but all its ports fell silent at once: it has gone dark, or a firewall in front of it drops
 * everything. Its services stay as believed; ports that still answer are judged like any others.
 */
function judgeDark(context: ScanContext, state: HostState): Outcome & { dark: Darkness } {
  const { dark } = hostMemory(state.memory);
  if (dark?.reported === 1) return { ...emptyOutcome(), dark };
  const { scans = 0, lost = 1, confirmations = 0, since = context.tick } = dark ?? {};
  const dimmed = context.confirmation ? CONFIRMATION_MISS : dimmedShare(context);
  const miss = boundMiss(dimmed + context.survey.scanMiss ** countPorts(answeringPorts(state)));
  const looks = context.confirmation
    ? { scans, confirmations: confirmations + 1 }
    : { scans: scans + 1, ...(confirmations === 0 ? {} : { confirmations }) };
  const run: Darkness = { ...dark, ...looks, lost: significant(lost * miss), since };
  const outcome = emptyOutcome();
  const probability = stillThere(run, 0, rateOf(context.group, 'dark'));
  const delta = darkDelta(state, probability, run);
  if (isSettled(probability, context)) {
    count(outcome.counts, 'dark', 0, 1);
    const { candidate: _, ...rest } = run;
    return { ...outcome, deltas: [delta('confirmed')], dark: { ...rest, reported: 1 } };
  }
  const doubts: Candidate['doubts'] = knockPorts(state).map((doubt) => ({ ...doubt, ping: true }));
  return { ...outcome, candidates: [{ delta: delta('candidate'), doubts }], dark: run };
}

/** If the path loses most of the ports of other hosts in this scan, it may have lost all of this host's. */
function dimmedShare({ group, survey }: ScanContext): number {
  return rateOf(group, 'dimmed') + survey.dimmed.misses / Math.max(1, survey.dimmed.trials);
}

function darkDelta(state: HostState, probability: number, run: Darkness) {
  const open = state.services.filter(({ present }) => present);
  const evidence = [
    `it answers, and ${open.length === 1 ? 'its one service fell silent' : `all its ${open.length} services fell silent at once`}`,
    `no answer from any port that used to answer in ${times(run.scans)}`,
    'the host itself, or a firewall before it that drops everything',
  ];
  if (run.confirmations !== undefined)
    evidence.push(`no answer to ${run.confirmations} confirmation scan${run.confirmations > 1 ? 's' : ''} either`);
  const members = open.map(({ port, protocol }) => `${port}/${protocol}`);
  const sides = { before: { present: true }, after: { present: false } };
  return (phase: JudgedDelta['state']): JudgedDelta => ({
    ...makeDelta(phase, 'host-dark', state.address, undefined, { probability, evidence, ...sides }),
    members,
  });
}

/** Some port answers again. */
function endDark({ address }: HostState, e: Darkness): Outcome {
  const outcome = emptyOutcome();
  if (e.reported === 1) {
    outcome.resolved.push({ kind: e.network === undefined ? 'host-dark' : 'firewall', address: e.network ?? address });
    return outcome;
  }
  count(outcome.counts, 'dimmed', 0, e.scans);
  if (e.candidate !== 1) return outcome;
  const evidence = [`its ports answer again after ${times(e.scans)} without an answer`];
  const refuted = makeDelta('refuted', 'host-dark', address, undefined, { probability: 1, evidence });
  return { ...outcome, deltas: [refuted] };
}

/**
 * Replaces many hosts that went dark together by one `firewall`: returns the scan's deltas with it, and its network by
 * member.
 */
export function gatherDark(deltas: readonly JudgedDelta[]): { deltas: JudgedDelta[]; walls: Map<string, string> } {
  const confirmed = deltas.filter(({ kind, state }) => kind === 'host-dark' && state === 'confirmed');
  const subnets = grouped(confirmed, ({ address }) => subnetOf(address));
  const walls = new Map<string, string>();
  const firewalls = [...subnets].flatMap(([subnet, dark]) => {
    if (dark.length < SEVERAL) return [];
    for (const { address } of dark) walls.set(address, subnet);
    return [firewall(subnet, dark)];
  });
  const rest = deltas.map((delta) =>
    delta.kind === 'host-dark' && walls.has(delta.address) && delta.state === 'confirmed' ? asPart(delta) : delta,
  );
  return { deltas: [...firewalls, ...rest], walls };
}

function firewall(subnet: string, dark: readonly JudgedDelta[]): JudgedDelta {
  const probability = Math.min(...dark.map((delta) => delta.probability));
  const evidence = [
    `${dark.length} hosts answer, and all their services fell silent at once`,
    'a firewall before them drops everything, or they do',
  ];
  const sides = { before: { present: true }, after: { present: false } };
  const delta = makeDelta('confirmed', 'firewall', subnet, undefined, { probability, evidence, ...sides });
  return { ...delta, members: dark.map(({ address }) => address) };
}

/** Its own candidate ends here: it is reported with the others. */
function asPart(delta: JudgedDelta): JudgedDelta {
  return { ...delta, state: 'refuted', probability: 1, evidence: ['reported with others as one firewall'] };
}

export function behindWall(state: HostState | undefined, subnet: string): HostState {
  if (state === undefined) throw new Error('a host went dark that was not judged');
  const memory = hostMemory(state.memory);
  return memory.dark === undefined
    ? state
    : { ...state, memory: keepHost({ ...memory, dark: { ...memory.dark, network: subnet } }) };
}

/** Each once; what was reported of a whole subnet only when it is over on all its hosts. */
export function resolvedBy(
  belief: Belief,
  states: ReadonlyMap<string, HostState>,
  resolved: readonly DeltaSubject[],
): DeltaSubject[] {
  const floods = resolved.filter(({ kind }) => kind === 'all-ports-open');
  const together = floods.map(({ kind, address }) => ({ kind, address: subnetOf(address) }));
  const once = new Map([...resolved, ...together].map((subject) => [deltaKey(subject), subject]));
  const mayLast = resolved.some(({ kind }) => kind === 'firewall' || kind === 'all-ports-open');
  const ongoing = mayLast ? ongoingSubnets(belief, states) : NOTHING;
  return [...once.values()].filter(({ kind, address }) => !ongoing.has(`${kind} ${address}`));
}

const NOTHING: ReadonlySet<string> = new Set();

/** By kind and subnet, what still lasts on one of its hosts. One look at each host, however much is resolved. */
function ongoingSubnets({ hosts }: Belief, states: ReadonlyMap<string, HostState>): ReadonlySet<string> {
  const ongoing = new Set<string>();
  for (const [address, before] of hosts) {
    const { present, memory } = states.get(address) ?? before;
    const { dark, flood } = hostMemory(memory);
    if (present && dark?.network !== undefined) ongoing.add(`firewall ${dark.network}`);
    if (flood !== undefined && flood.genuine === undefined) ongoing.add(`all-ports-open ${subnetOf(address)}`);
  }
  return ongoing;
}
