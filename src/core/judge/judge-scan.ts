import { compareAddresses } from '../addresses.ts';
import type { JudgedDelta } from '../delta.ts';
import type { Belief, Judge, Judgement, ScanEvidence } from '../judgement.ts';
import type { Policy } from '../policy.ts';
import { fromAddressRanges, mergeRanges, toAddressRanges } from '../ranges.ts';
import type { HostState } from '../state.ts';
import { rangesOf } from './addresses-as-ranges.ts';
import { floodDeltas, outageDeltas, outageNotes } from './collapsed.ts';
import { judgeConfirmation } from './confirmation.ts';
import { emptyOutcome, mergeOutcome, type Outcome, type ScanContext } from './context.ts';
import { coverageHistory, rememberCoverage } from './coverage-history.ts';
import { chooseCandidates, doubtsOf, markTold } from './doubts.ts';
import { judgeHost } from './judge-host.ts';
import { type GroupMemory, groupMemory } from './memory.ts';
import { countPorts } from './port-sets.ts';
import { sameValue } from './same-value.ts';
import { type Survey, surveyScan } from './survey.ts';
import { addToTally } from './tally.ts';

/** The judge: first the questions of the whole scan, then host by host. */
export const judgeScan: Judge = (belief, evidence, policy) => {
  const group = groupMemory(belief.group);
  if (evidence.kind === 'confirmation') return judgeConfirmation(belief, group, evidence, policy);
  if (evidence.number <= group.number)
    return nothing(group, `scan ${evidence.number} came after a later one: not judged`);
  const survey = surveyScan(belief, group, evidence);
  const context = openScan(group, evidence, policy, survey);
  const outcome = emptyOutcome();
  const states = new Map<string, HostState>();
  for (const address of addressesOf(belief, survey)) {
    const judged = judgeHost(context, belief.hosts.get(address), survey.readings.get(address));
    mergeOutcome(outcome, judged);
    if (judged.state !== undefined) states.set(address, judged.state);
  }
  return close(belief, evidence, context, outcome, states);
};

export function nothing(group: GroupMemory, note: string): Judgement {
  return { deltas: [], hosts: [], group, firstDetermined: [], doubts: [], notes: [note] };
}

function openScan(group: GroupMemory, evidence: ScanEvidence, policy: Policy, survey: Survey): ScanContext {
  const known = group.nmap.indexOf(evidence.nmapVersion);
  return {
    tick: group.tick + 1,
    at: evidence.at,
    previousAt: group.at === 0 ? evidence.at : group.at,
    policy,
    group,
    version: known === -1 ? group.nmap.length : known,
    survey,
    history: coverageHistory(group.coverage),
  };
}

/** In one order, whatever order the evidence came in. */
function addressesOf(belief: Belief, survey: Survey): string[] {
  return [...new Set([...belief.hosts.keys(), ...survey.readings.keys()])].sort(compareAddresses);
}

function close(
  belief: Belief,
  evidence: ScanEvidence,
  context: ScanContext,
  outcome: Outcome,
  states: Map<string, HostState>,
): Judgement {
  const { survey, group } = context;
  const chosen = chooseCandidates(outcome.candidates, coveredPairs(survey));
  const told = chosen.map(({ delta }) => delta);
  const floods = floodDeltas(belief, survey, fromAddressRanges(group.floods));
  const deltas = [...outageDeltas(survey), ...floods, ...outcome.deltas, ...told];
  return {
    deltas,
    hosts: changedHosts(belief, states, told),
    group: nextGroup(belief, context, evidence, outcome),
    firstDetermined: outcome.first,
    doubts: doubtsOf(chosen),
    notes: [...outageNotes(survey, outcome.deltas), ...outcome.notes],
  };
}

export function changedHosts(
  belief: Belief,
  states: ReadonlyMap<string, HostState>,
  told: readonly JudgedDelta[],
): HostState[] {
  const byAddress = new Map<string, JudgedDelta[]>();
  for (const delta of told) byAddress.set(delta.address, [...(byAddress.get(delta.address) ?? []), delta]);
  const changed: HostState[] = [];
  for (const [address, judged] of states) {
    const mine = byAddress.get(address);
    const state = mine === undefined ? judged : markTold(judged, mine);
    if (!sameValue(state, belief.hosts.get(address))) changed.push(state);
  }
  return changed;
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
    coverage: rememberCoverage(group.coverage, evidence.coverage, survey.mode, tick),
    nmap: group.nmap.includes(evidence.nmapVersion) ? group.nmap : [...group.nmap, evidence.nmapVersion],
    hosts: addToTally(group.hosts, survey.hosts),
    services: addToTally(group.services, survey.ports),
    identities: addToTally(group.identities, outcome.identities),
    outages: survey.outage.outages,
    floods:
      strangers.length === 0
        ? group.floods
        : toAddressRanges(mergeRanges([...fromAddressRanges(group.floods), ...rangesOf(strangers)])),
  };
}
