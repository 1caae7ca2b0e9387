import type { Belief, Judgement, Pass, ScanEvidence } from '../model/judgement.ts';
import type { AddressRange, PortSet } from '../model/observation.ts';
import type { Policy } from '../model/policy.ts';
import type { HostState } from '../model/state.ts';
import {
  fromAddressRanges,
  type IpRanges,
  rangesContain,
  rangesOf,
  toAddressRanges,
} from '../network/address-ranges.ts';
import { sortAddresses } from '../network/addresses.ts';
import { countPorts, NO_PORTS, subtractPorts, unionPorts, unpackPorts } from '../network/port-sets.ts';
import { mergeRanges, subtractRanges } from '../network/range-set.ts';
import { emptyOutcome, mergeOutcome, openContext, type ScanContext, withVersion } from './context.ts';
import { rememberCoverage } from './coverage-history.ts';
import { changedHosts } from './doubts.ts';
import { judgeAnswer } from './host-answered.ts';
import { judgeStranger } from './host-stranger.ts';
import type { CoverageMemory, GroupMemory, ReachMode } from './memory.ts';
import { addToTally, pooledMiss, rateOf } from './rates.ts';
import type { Reading } from './reading.ts';
import { type Survey, surveyScan } from './survey.ts';

/**
 * What stayed silent when it was probed for the first time: addresses of a new group, new targets, more ports, another
 * kind of discovery, another nmap, and the ports of new hosts. If it answers when it is probed again, it was there.
 */
export function wantedPasses(
  belief: Belief,
  evidence: Pick<ScanEvidence, 'coverage' | 'nmapVersion'>,
  { group, survey }: ScanContext,
): readonly Pass[] {
  const passes = collectPasses(belief, group, evidence, survey.mode);
  passes.add(survey);
  return passes.all();
}

/** The same for a scan that is surveyed in parts. */
export function collectPasses(
  belief: Belief,
  group: GroupMemory,
  evidence: Pick<ScanEvidence, 'coverage' | 'nmapVersion'>,
  mode: ReachMode,
) {
  const fresh = freshAddresses(group, evidence, mode);
  const isFresh = (address: string) => rangesContain(fresh, address);
  const passes = createPasses(fresh, evidence.coverage.ports);
  return {
    add({ readings, floods }: Pick<Survey, 'readings' | 'floods'>): void {
      const isNew = ({ address, host }: Reading) =>
        host === 'answered' && !floods.has(address) && (isFresh(address) || !belief.hosts.has(address));
      passes.add([...readings.values()].filter(isNew));
    },
    all: passes.all,
  };
}

/**
 * Addresses for which some of these ports were not probed before, or not with this kind of discovery, or not by this
 * nmap.
 */
export function freshAddresses(
  group: GroupMemory,
  evidence: Pick<ScanEvidence, 'coverage' | 'nmapVersion'>,
  mode: ReachMode,
): IpRanges {
  const covered = fromAddressRanges(evidence.coverage.addresses);
  if (!group.nmap.includes(evidence.nmapVersion)) return covered;
  return subtractRanges(covered, coveredBefore(group, evidence, mode));
}

/** Addresses for which all these ports were probed before, with the same kind of discovery. */
function coveredBefore(group: GroupMemory, { coverage }: Pick<ScanEvidence, 'coverage'>, mode: ReachMode): IpRanges {
  const whole = ({ mode: w, ports }: CoverageMemory) =>
    w === mode && countPorts(subtractPorts(coverage.ports, unpackPorts(ports))) === 0;
  return mergeRanges(group.coverage.filter(whole).flatMap(({ addresses }) => [...fromAddressRanges(addresses)]));
}

/** `silent`: addresses of which only those of the hosts that are added answer. */
function createPasses(silent: IpRanges, ports: PortSet) {
  let quiet = silent;
  const walled: string[] = [];
  const others: string[] = [];
  let unheard = NO_PORTS;
  // It drops what is not open: all its ports are probed again.
  const isWalled = ({ silent }: Reading) => countPorts(silent) * 2 > countPorts(ports);
  return {
    add(hosts: readonly Reading[]): void {
      quiet = subtractRanges(quiet, rangesOf(hosts.map(({ address }) => address)));
      for (const host of hosts) {
        if (isWalled(host)) walled.push(host.address);
        else if (countPorts(host.silent) > 0) {
          others.push(host.address);
          unheard = unionPorts(unheard, host.silent);
        }
      }
    },
    all(): Pass[] {
      const passes: Pass[] = [
        { addresses: toAddressRanges(quiet), ports, up: false },
        { addresses: single(walled), ports, up: true },
        { addresses: single(others), ports: unheard, up: true },
      ];
      return passes.filter(({ addresses }) => addresses.length > 0);
    },
  };
}

const single = (addresses: readonly string[]): AddressRange[] =>
  sortAddresses(addresses).map((address) => [address, address]);

/**
 * Judges a pass over what was silent. A port or host that was never probed before was there and is learnt; one that
 * older scans had missed is reported with its chance; everything else has one more silent scan on record.
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

/** Only hosts that the pass scans can have missed it. */
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
  const passes = createPasses(silent, evidence.coverage.ports);
  passes.add(hosts);
  return passes.all();
}

/** How many services no scan may have seen yet, estimated from how many the last one found. */
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
  const lost = pooledMiss({ trials: services, misses: found }) ** 2;
  const shy = rateOf(context.group, 'shy') / 4;
  return services * (lost + shy);
}
