import type { Belief, Judgement, ScanEvidence } from '../model/judgement.ts';
import type { Policy } from '../model/policy.ts';
import type { HostState } from '../model/state.ts';
import { fromAddressRanges, rangesContain } from '../network/address-ranges.ts';
import { compareAddresses } from '../network/addresses.ts';
import { hasPort } from '../network/port-sets.ts';
import { emptyOutcome, type HostOutcome, mergeOutcome, openContext, type ScanContext, withVersion } from './context.ts';
import { type Controls, controlsOf, isAllSilent, knockPorts, sideOf } from './controls.ts';
import { changedHosts, doubtsOf } from './doubts.ts';
import { betaMean, boundMiss, CONFIRMATION_MISS } from './filter.ts';
import { judgeControls } from './flood-control.ts';
import { behindWall, gatherDark, judgeAnswered, resolvedBy } from './host-dark.ts';
import { judgeStillMissed } from './host-missed.ts';
import { type GroupMemory, groupMemory, hostMemory, type OutageMemory } from './memory.ts';
import { goneBeside } from './neighbours.ts';
import { learnRates, NO_TRIALS } from './rates.ts';
import { type Reading, readHost } from './reading.ts';
import { stillInDoubt } from './service-silent.ts';
import type { Survey } from './survey.ts';

/**
 * A confirmation scan looks slowly at the doubtful pairs of one scan. An answer settles them. Silence counts once more
 * for a service, but not as a missed scan of a host: `downAfter` is the user's number of scans.
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
  const back = group.outages.filter((outage) => outage.pathWorks === undefined && pathIsProved(outage, readings));
  const told = outcome.candidates.map(({ delta }) => delta);
  const dark = gatherDark(outcome.deltas);
  for (const [address, subnet] of dark.walls) states.set(address, behindWall(states.get(address), subnet));
  return {
    deltas: [...dark.deltas, ...told],
    hosts: changedHosts(belief, states, told),
    group: {
      ...group,
      nmap: withVersion(group, evidence),
      outages: group.outages.map((outage) => (back.includes(outage) ? { ...outage, pathWorks: 1 } : outage)),
      rates: learnRates(group, outcome.counts, 1),
    },
    firstDetermined: outcome.first,
    doubts: doubtsOf(outcome.candidates),
    passes: [],
    resolved: resolvedBy(belief, states, [...outcome.resolved, ...back.map(({ area }) => outageAt(area))]),
    notes: [...back.map(({ area }) => `path to ${area} is back: hosts behind it answer again`), ...outcome.notes],
  };
}

const outageAt = (address: string) => ({ kind: 'outage', address }) as const;

function judgeAgain(context: ScanContext, state: HostState, reading: Reading): HostOutcome {
  if (hostMemory(state.memory).flood?.controls !== undefined) return judgeControls(state, reading);
  switch (reading.host) {
    case 'answered':
    case 'reached':
      return judgeAnswered(context, state, reading);
    case 'silent':
    case 'unknown':
      return hostMemory(state.memory).run === undefined
        ? judgeUnheard(context, state, reading)
        : judgeStillMissed(context, state, reading);
  }
}

/**
 * The host did not answer either, so this scan is no evidence about its doubtful services. They are confirmed again.
 */
function judgeUnheard(context: ScanContext, host: HostState, reading: Reading): HostOutcome {
  const outcome = emptyOutcome();
  for (const service of host.services) {
    if (!service.present || !hasPort(reading.silent, service.protocol, service.port)) continue;
    mergeOutcome(outcome, stillInDoubt(context, { host, reading, controls: knockPorts(host, 1) }, service));
  }
  return { ...outcome, state: host };
}

/** Whether the canaries of an outage answer: most of those that were scanned. */
function pathIsProved(outage: OutageMemory, readings: readonly Reading[]): boolean {
  const members = fromAddressRanges(outage.members);
  const asked = readings.filter(({ address }) => rangesContain(members, address));
  const answered = asked.filter(({ host }) => host === 'answered' || host === 'reached');
  return answered.length > 0 && answered.length * 2 > asked.length;
}

/** Before anything is known, the assumed miss rate of a confirmation counts as this many trials. */
const PRIOR_WEIGHT = 10;
const NEAR_WEIGHT = 2;
/** The tries of one confirmation are not independent, so it never counts for more than this. */
const LEAST = 0.01;

/** Its controls are the ports probed beside the doubtful ones, which answered in the scan before. */
function surveyConfirmation(belief: Belief, evidence: ScanEvidence): Survey {
  const readings = new Map<string, Reading>();
  const controls = new Map<string, Controls>();
  const dark = new Set<string>();
  const all = { trials: 0, misses: 0 };
  for (const observation of evidence.hosts) {
    const reading = readHost(observation, evidence.coverage.ports, 'assumed');
    readings.set(reading.address, reading);
    const state = belief.hosts.get(reading.address);
    if (state === undefined || reading.host !== 'answered') continue;
    const found = controlsOf(state, reading);
    controls.set(reading.address, found);
    // Hosts that may be dark are the question, so they can't be its control.
    if (hostMemory(state.memory).dark !== undefined && isAllSilent(found)) {
      dark.add(reading.address);
      continue;
    }
    all.trials += found.tcp.trials + found.udp.trials;
    all.misses += found.tcp.misses + found.udp.misses;
  }
  const miss = betaMean(CONFIRMATION_MISS, PRIOR_WEIGHT, all.misses, all.trials);
  return {
    mode: 'assumed',
    readings,
    controls,
    dark,
    refused: 0,
    alike: () => 0,
    floods: new Set(),
    outage: { outages: [], begun: [], ended: [], frozen: new Set() },
    hosts: NO_TRIALS,
    ports: NO_TRIALS,
    udp: NO_TRIALS,
    scanMiss: miss,
    now: { hosts: NO_TRIALS, tcp: NO_TRIALS, udp: NO_TRIALS },
    portMiss: (address = '', service) => {
      const own = controls.get(address);
      const { trials: n, misses: m } = own === undefined ? NO_TRIALS : sideOf(own, service?.protocol ?? 'tcp');
      return boundMiss(Math.max(LEAST, betaMean(miss, NEAR_WEIGHT, m, n)));
    },
    together: () => false,
    goneBeside: goneBeside(() => belief.hosts.values(), groupMemory(belief.group).at),
    dimmed: NO_TRIALS,
    hostMiss: () => 1,
    wasPath: () => false,
  };
}
