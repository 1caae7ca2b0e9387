import type { Belief, Judgement, ScanEvidence } from '../model/judgement.ts';
import type { Policy } from '../model/policy.ts';
import type { HostState } from '../model/state.ts';
import { fromAddressRanges, rangesContain } from '../network/address-ranges.ts';
import { compareAddresses } from '../network/addresses.ts';
import { changedHosts, openContext, withVersion } from './commit.ts';
import { emptyOutcome, type HostOutcome, mergeOutcome, type ScanContext } from './context.ts';
import { doubtsOf } from './doubts.ts';
import { judgeControls } from './flood-control.ts';
import { behindWall, gatherDark, resolvedBy } from './host-dark.ts';
import { judgeStillMissed } from './host-missed.ts';
import { judgeAnswered } from './judge-host.ts';
import { type GroupMemory, hostMemory, type OutageMemory } from './memory.ts';
import { learnRates } from './rates.ts';
import type { Reading } from './reading.ts';
import { surveyConfirmation } from './survey-confirmation.ts';

/**
 * A confirmation scan looks slowly at the doubtful pairs of one scan. What answers settles them; silence counts once
 * more for a service, and for a host not at all: `downAfter` is the user's number of scans.
 */
export function judgeConfirmation(
  belief: Belief,
  group: GroupMemory,
  evidence: ScanEvidence,
  policy: Policy,
): Judgement {
  const survey = surveyConfirmation(belief, evidence);
  const context: ScanContext = {
    ...openContext(group, evidence, policy, survey),
    tick: group.tick,
    confirmation: true,
  };
  const outcome = emptyOutcome();
  const states = new Map<string, HostState>();
  const readings = [...survey.readings.values()].sort((a, b) => compareAddresses(a.address, b.address));
  for (const reading of readings) {
    const state = belief.hosts.get(reading.address);
    if (state === undefined) continue;
    const judged = judgeAgain(context, state, reading);
    mergeOutcome(outcome, judged);
    if (judged.state !== undefined) states.set(state.address, judged.state);
  }
  const back = group.outages.filter((outage) => outage.p === undefined && pathIsProved(outage, readings));
  const told = outcome.candidates.map(({ delta }) => delta);
  const dark = gatherDark(outcome.deltas);
  for (const [address, subnet] of dark.walls) states.set(address, behindWall(states.get(address), subnet));
  return {
    deltas: [...dark.deltas, ...told],
    hosts: changedHosts(belief, states, told),
    group: {
      ...group,
      nmap: withVersion(group, evidence),
      outages: group.outages.map((outage) => (back.includes(outage) ? { ...outage, p: 1 } : outage)),
      rates: learnRates(group, outcome.counts, 1),
    },
    firstDetermined: outcome.first,
    doubts: doubtsOf(outcome.candidates),
    passes: [],
    resolved: resolvedBy(belief, states, [...outcome.resolved, ...back.map(({ a }) => outageAt(a))]),
    notes: [...back.map(({ a }) => `path to ${a} is back: hosts behind it answer again`), ...outcome.notes],
  };
}

const outageAt = (address: string) => ({ kind: 'outage', address }) as const;

function judgeAgain(context: ScanContext, state: HostState, reading: Reading): HostOutcome {
  if (hostMemory(state.memory).a?.c !== undefined) return judgeControls(state, reading);
  switch (reading.host) {
    case 'answered':
    case 'reached':
      return judgeAnswered(context, state, reading);
    case 'silent':
    case 'unknown':
      return judgeStillMissed(context, state, reading);
  }
}

/** Canaries of an outage answer: most of those that were asked. */
function pathIsProved(outage: OutageMemory, readings: readonly Reading[]): boolean {
  const members = fromAddressRanges(outage.m);
  const asked = readings.filter(({ address }) => rangesContain(members, address));
  const answered = asked.filter(({ host }) => host === 'answered' || host === 'reached');
  return answered.length > 0 && answered.length * 2 > asked.length;
}
