import {
  type Belief,
  type Doubt,
  type Judge,
  type Judgement,
  NO_STEADY,
  type ScanEvidence,
} from '../model/judgement.ts';
import type { HostState } from '../model/state.ts';
import { fromAddressRanges, rangesContain, rangesOf, toAddressRanges } from '../network/address-ranges.ts';
import { sortAddresses } from '../network/addresses.ts';
import { countPorts } from '../network/port-sets.ts';
import { mergeRanges } from '../network/range-set.ts';
import { judgeBaseline, wantedPasses } from './baseline.ts';
import { floodDeltas, lossNotes, outageDeltas, outageNotes, outagesOver, type Strangers } from './collapsed.ts';
import { judgeConfirmation } from './confirmation.ts';
import {
  emptyOutcome,
  type HostOutcome,
  mergeOutcome,
  type Outcome,
  openContext,
  type ScanContext,
  withVersion,
} from './context.ts';
import { knockPorts } from './controls.ts';
import { rememberCoverage } from './coverage-history.ts';
import { changedHosts, chooseCandidates, doubtsOf } from './doubts.ts';
import { SEVERAL } from './filter.ts';
import { floodDoubts, newFlood } from './flood-control.ts';
import { judgeAnswer } from './host-answered.ts';
import { behindWall, gatherDark, judgeAnswered, resolvedBy } from './host-dark.ts';
import { judgeMissed } from './host-missed.ts';
import { enter, unheard, withLastSeen } from './host-state.ts';
import { judgeStranger } from './host-stranger.ts';
import { type GroupMemory, groupMemory, hostMemory } from './memory.ts';
import { addToTally, learnRates, NO_TRIALS } from './rates.ts';
import type { Reading } from './reading.ts';
import { addSteady, steadyHosts } from './steady.ts';
import { isComparable, type Survey, surveyScan } from './survey.ts';

/** The judge: first the questions about the whole scan, then host by host. */
export const judgeScan: Judge = (belief, evidence, policy) => {
  const group = groupMemory(belief.group);
  if (evidence.kind !== 'scan') {
    if (evidence.number !== group.number) return nothing(group, 'a newer scan was judged first: not judged');
    const again = evidence.kind === 'baseline' ? judgeBaseline : judgeConfirmation;
    return again(belief, group, evidence, policy);
  }
  if (evidence.number <= group.number) return nothing(group, 'this scan came after a later one: not judged');
  const survey = surveyScan(belief, group, evidence);
  const context = openContext(group, evidence, policy, survey);
  const { outcome, states } = judgeHosts(belief, context);
  addSteady(outcome, survey, evidence.steady ?? NO_STEADY);
  return close(belief, evidence, context, outcome, states);
};

export function judgeHosts(belief: Belief, context: ScanContext): { outcome: Outcome; states: Map<string, HostState> } {
  const { survey } = context;
  const outcome = emptyOutcome();
  const states = new Map<string, HostState>();
  for (const address of addressesOf(belief, survey)) {
    const judged = judgeHost(context, belief.hosts.get(address), survey.readings.get(address));
    mergeOutcome(outcome, judged);
    if (judged.state !== undefined) states.set(address, judged.state);
  }
  return { outcome, states };
}

/** Judges one host in one scan: what is believed now, and what there is to report. */
function judgeHost(context: ScanContext, state: HostState | undefined, reading: Reading | undefined): HostOutcome {
  if (state === undefined) {
    return reading === undefined ? { ...emptyOutcome(), state } : judgeStranger(context, reading);
  }
  if (reading === undefined || isUnusable(context, state, reading)) return undetermined(context, state);
  switch (reading.host) {
    case 'silent':
      return judgeMissed(context, state, reading);
    case 'reached':
      return judgeAnswer(context, state, reading, 'reached');
    case 'answered':
      return judgeAnswered(context, state, reading);
    case 'unknown':
      return undetermined(context, state);
  }
}

function isUnusable(context: ScanContext, state: HostState, reading: Reading): boolean {
  const { outage, floods } = context.survey;
  if (outage.frozen.has(state.address) || floods.has(state.address)) return true;
  return !isComparable(state, reading);
}

/** Neither counts nor resets anything. */
function undetermined(context: ScanContext, state: HostState): HostOutcome {
  const memory = hostMemory(state.memory);
  const flooding = context.survey.floods.has(state.address)
    ? { flood: memory.flood ?? newFlood(state.address, context) }
    : {};
  const next = enter(state, 'nothing', { ...unheard(memory, context.tick), ...flooding });
  return { ...emptyOutcome(), state: withLastSeen(next, context) };
}

/** A fixed order, in whatever order the evidence arrived. */
function addressesOf(belief: Belief, survey: Survey): string[] {
  const all = new Set([...belief.hosts.keys(), ...survey.readings.keys()]);
  return sortAddresses(all);
}

/** What follows from all hosts together. */
export function close(
  belief: Belief,
  evidence: ScanEvidence,
  context: ScanContext,
  outcome: Outcome,
  states: Map<string, HostState>,
): Judgement {
  const { survey } = context;
  const { steady = NO_STEADY } = evidence;
  const chosen = chooseCandidates(outcome.candidates, coveredPairs(survey) + steady.pairs);
  const told = chosen.map(({ delta }) => delta);
  const floods = floodDeltas(belief, survey, strangersOf(context));
  const dark = gatherDark(outcome.deltas);
  for (const [address, subnet] of dark.walls) states.set(address, behindWall(states.get(address), subnet));
  const deltas = [...outageDeltas(survey), ...floods.deltas, ...dark.deltas, ...told];
  const hosts = changedHosts(belief, states, told);
  return {
    deltas,
    hosts,
    ...(evidence.steady === undefined ? {} : { steady: steadyNow(context, evidence, states, hosts) }),
    group: nextGroup(belief, context, evidence, outcome),
    firstDetermined: outcome.first,
    doubts: [...doubtsOf(chosen), ...controlDoubts(states, context)],
    passes: wantedPasses(belief, evidence, context),
    resolved: resolvedBy(belief, states, [...outcome.resolved, ...outagesOver(context.group, survey)]),
    notes: [...outageNotes(survey, outcome.deltas), ...lossNotes(survey, steady), ...floods.notes, ...outcome.notes],
  };
}

function steadyNow(
  context: ScanContext,
  { coverage }: ScanEvidence,
  states: ReadonlyMap<string, HostState>,
  changed: readonly HostState[],
) {
  const final = new Map([...states, ...changed.map((state) => [state.address, state] as const)]);
  return steadyHosts(final, context, coverage.ports);
}

function strangersOf({ group, history, survey }: ScanContext): Strangers {
  const told = fromAddressRanges(group.floods);
  return {
    told: (address) => rangesContain(told, address),
    learning: (address) => history.ofAddress(address, survey.mode, 1) === 0,
  };
}

/** Where a confirmation scan can prove that a path is dead or that a host is a tarpit. */
function controlDoubts(states: ReadonlyMap<string, HostState>, { tick, survey }: ScanContext): Doubt[] {
  const floods = [...survey.floods].flatMap((address) => {
    const state = states.get(address);
    return state === undefined || hostMemory(state.memory).flood?.since !== tick ? [] : floodDoubts(state);
  });
  const canaries = survey.outage.begun.flatMap(({ members }) => members.slice(0, SEVERAL));
  const knocks = canaries.flatMap((address) => {
    const state = states.get(address);
    return state === undefined ? [] : [{ address }, ...knockPorts(state)];
  });
  return [...knocks, ...floods];
}

function coveredPairs(survey: Survey): number {
  let pairs = 0;
  for (const { openPorts, denied, silent } of survey.readings.values()) {
    pairs += countPorts(openPorts) + countPorts(denied) + countPorts(silent);
  }
  return pairs;
}

function nextGroup(belief: Belief, context: ScanContext, evidence: ScanEvidence, outcome: Outcome): GroupMemory {
  const { group, survey, tick } = context;
  const strangers = [...survey.floods].filter((address) => !belief.hosts.has(address));
  return {
    ...group,
    tick,
    number: evidence.number,
    at: evidence.at,
    scan: tick,
    coverage: rememberCoverage(group.coverage, evidence.coverage, survey.mode, tick),
    nmap: withVersion(group, evidence),
    hosts: addToTally(group.hosts, survey.hosts),
    services: addToTally(group.services, survey.ports),
    udp: addToTally(group.udp ?? NO_TRIALS, survey.udp),
    rates: learnRates(group, outcome.counts),
    identities: addToTally(group.identities, outcome.identities),
    outages: survey.outage.outages,
    floods:
      strangers.length === 0
        ? group.floods
        : toAddressRanges(mergeRanges([...fromAddressRanges(group.floods), ...rangesOf(strangers)])),
  };
}

function nothing(group: GroupMemory, note: string): Judgement {
  return { deltas: [], hosts: [], group, firstDetermined: [], doubts: [], resolved: [], passes: [], notes: [note] };
}
