import type { Belief, Judgement, Pass, ScanEvidence } from '../model/judgement.ts';
import type { AddressRange } from '../model/observation.ts';
import type { Policy } from '../model/policy.ts';
import type { HostState } from '../model/state.ts';
import {
  fromAddressRanges,
  type IpRanges,
  rangesContain,
  rangesOf,
  toAddressRanges,
} from '../network/address-ranges.ts';
import { compareAddresses } from '../network/addresses.ts';
import { countPorts, NO_PORTS, subtractPorts, unionPorts, unpackPorts } from '../network/port-sets.ts';
import { mergeRanges, subtractRanges } from '../network/range-set.ts';
import { changedHosts, openContext, withVersion } from './commit.ts';
import { emptyOutcome, mergeOutcome, type ScanContext } from './context.ts';
import { rememberCoverage } from './coverage-history.ts';
import { judgeAnswer } from './host-answered.ts';
import { judgeStranger } from './host-stranger.ts';
import type { CoverageMemory, GroupMemory, ReachMode } from './memory.ts';
import { betaMean } from './probability.ts';
import { addToTally, rateOf } from './rates.ts';
import type { Reading } from './reading.ts';
import { type Survey, surveyScan } from './survey.ts';

/** More of a host's ports silent than this: it drops what is not open, and is asked for all of them again. */
const WALL = 0.5;

/**
 * What stayed silent of what was asked for the first time: addresses of a new group, new targets, more ports, another
 * kind of discovery, another nmap, and the ports of hosts that are new. What answers when it is asked again was there.
 */
export function wantedPasses(
  belief: Belief,
  evidence: Pick<ScanEvidence, 'coverage' | 'nmapVersion'>,
  { group, survey }: ScanContext,
): readonly Pass[] {
  const fresh = freshAddresses(group, evidence, survey.mode);
  const isFresh = (address: string) => rangesContain(fresh, address);
  const hosts = [...survey.readings.values()].filter(
    ({ address, host }) =>
      host === 'answered' && !survey.floods.has(address) && (isFresh(address) || !belief.hosts.has(address)),
  );
  return passesOver(fresh, hosts, evidence.coverage.ports);
}

/** Addresses of which some of these ports were not asked before, or not found in this way, or not by this nmap. */
export function freshAddresses(
  group: GroupMemory,
  evidence: Pick<ScanEvidence, 'coverage' | 'nmapVersion'>,
  mode: ReachMode,
): IpRanges {
  const covered = fromAddressRanges(evidence.coverage.addresses);
  if (!group.nmap.includes(evidence.nmapVersion)) return covered;
  return subtractRanges(covered, coveredBefore(group, evidence, mode));
}

/** Addresses of which all these ports were asked before, found in the same way. */
function coveredBefore(group: GroupMemory, { coverage }: Pick<ScanEvidence, 'coverage'>, mode: ReachMode): IpRanges {
  const whole = ({ w, p }: CoverageMemory) =>
    w === mode && countPorts(subtractPorts(coverage.ports, unpackPorts(p))) === 0;
  return mergeRanges(group.coverage.filter(whole).flatMap(({ a }) => [...fromAddressRanges(a)]));
}

function passesOver(silent: IpRanges, hosts: readonly Reading[], ports: ScanEvidence['coverage']['ports']): Pass[] {
  const quiet = subtractRanges(silent, rangesOf(hosts.map(({ address }) => address)));
  const asked = countPorts(ports);
  const isWalled = ({ silent }: Reading) => countPorts(silent) > asked * WALL;
  const walled = hosts.filter(isWalled);
  const others = hosts.filter((one) => !isWalled(one) && countPorts(one.silent) > 0);
  const passes: Pass[] = [
    { addresses: toAddressRanges(quiet), ports, up: false },
    { addresses: single(walled), ports, up: true },
    { addresses: single(others), ports: others.reduce((set, one) => unionPorts(set, one.silent), NO_PORTS), up: true },
  ];
  return passes.filter(({ addresses }) => addresses.length > 0);
}

const single = (hosts: readonly Reading[]): AddressRange[] =>
  hosts
    .map(({ address }) => address)
    .sort(compareAddresses)
    .map((address) => [address, address]);

/**
 * A pass over what was silent: what it finds of what was never asked before was there and is learnt, what older scans had
 * not found is told with its chance, and the rest has one more silent look behind it.
 */
export function judgeBaseline(belief: Belief, group: GroupMemory, evidence: ScanEvidence, policy: Policy): Judgement {
  const known = { group: belief.group, hosts: withinReach(belief, evidence) };
  const survey = surveyScan(known, group, evidence);
  const context = { ...openContext(group, evidence, policy, survey), confirmation: true, baseline: true };
  const outcome = emptyOutcome();
  const states = new Map<string, HostState>();
  for (const reading of survey.readings.values()) {
    const state = belief.hosts.get(reading.address);
    if (reading.host !== 'answered' || survey.floods.has(reading.address)) continue;
    const heard = { ...reading, silent: NO_PORTS, notOpen: NO_PORTS };
    const judged =
      state === undefined ? judgeStranger(context, reading) : judgeAnswer(context, state, heard, 'answered');
    mergeOutcome(outcome, judged);
    if (judged.state !== undefined) states.set(reading.address, judged.state);
  }
  const found = outcome.first.length;
  return {
    deltas: outcome.deltas,
    hosts: changedHosts(belief, states, []),
    group: {
      ...group,
      tick: context.tick,
      coverage: rememberCoverage(group.coverage, evidence.coverage, survey.mode, context.tick),
      nmap: withVersion(group, evidence),
      services: addToTally(group.services, survey.now.tcp),
    },
    firstDetermined: outcome.first,
    doubts: [],
    resolved: outcome.resolved,
    passes: found === 0 ? [] : nextPasses(evidence, survey),
    unseen: unseenAfter(context, belief, states, found),
    notes: outcome.notes,
  };
}

/** Only hosts that it asks can have missed it. */
function withinReach({ hosts }: Belief, { hosts: seen }: ScanEvidence): Belief['hosts'] {
  const reach = new Map<string, HostState>();
  for (const { address } of seen) {
    const state = hosts.get(address);
    if (state !== undefined) reach.set(address, state);
  }
  return reach;
}

function nextPasses(evidence: ScanEvidence, survey: Survey): Pass[] {
  const hosts = [...survey.readings.values()].filter(({ host }) => host === 'answered');
  const up = survey.mode === 'assumed';
  const silent = up ? [] : fromAddressRanges(evidence.coverage.addresses);
  return passesOver(silent, hosts, evidence.coverage.ports);
}

/** How many services may be there that no look has seen, from how many the last one found. */
function unseenAfter(
  context: ScanContext,
  belief: Belief,
  states: ReadonlyMap<string, HostState>,
  found: number,
): number {
  let services = 0;
  for (const [address, before] of [...belief.hosts, ...states]) {
    if (states.has(address) && states.get(address) !== before) continue;
    services += before.services.filter(({ present }) => present).length;
  }
  const lost = betaMean(0.01, 5, found, services) ** 2;
  const shy = rateOf(context.group, 'shy') / 4;
  return services * (lost + shy);
}
