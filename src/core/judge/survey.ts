import { grouped } from '../grouped.ts';
import { type Belief, NO_STEADY, type ScanEvidence } from '../model/judgement.ts';
import type { HostObservation } from '../model/observation.ts';
import type { HostState } from '../model/state.ts';
import { fromAddressRanges, rangesContain } from '../network/address-ranges.ts';
import { sortAddresses, subnetOf } from '../network/addresses.ts';
import { hasPort, packPorts, portsOf, unpackPorts } from '../network/port-sets.ts';
import { type Controls, controlsOf, isAllSilent, isDark } from './controls.ts';
import { isFlood, type KnownPorts } from './flood.ts';
import { measureLoss, type ScanLoss } from './loss.ts';
import { type GroupMemory, type HostMemory, hostMemory, type OutageMemory, type ReachMode } from './memory.ts';
import { type GoneBeside, goneBeside } from './neighbours.ts';
import { findOutages, type OutageFinding, type Watched } from './outage.ts';
import { pooledMiss } from './rates.ts';
import { missingHost, type Reading, readHost } from './reading.ts';

/** The questions about the whole scan, asked before any host is judged. */
export type Survey = {
  mode: ReachMode;
  readings: ReadonlyMap<string, Reading>;
  /** Addresses that answer on all ports. */
  floods: ReadonlySet<string>;
  outage: OutageFinding;
  controls: ReadonlyMap<string, Controls>;
  /**
   * For new addresses with open ports: how many others of the subnet have exactly the same ones. Small numbers are left
   * out.
   */
  alike(address: string): number;
  /** Services that an answer denies. */
  refused: number;
  /** Hosts that answer while all their ports have fallen silent. */
  dark: ReadonlySet<string>;
  /** How likely a service has gone because its neighbours have lost theirs since the previous scan. */
  goneBeside: GoneBeside;
} & ScanLoss;

/** `how`: the scan's way of finding hosts, if the evidence is only a part of it. */
export function surveyScan(belief: Belief, group: GroupMemory, evidence: ScanEvidence, how?: ReachMode): Survey {
  const observations = [...evidence.hosts];
  const mode = how ?? modeOf(evidence, observations);
  const readings = readAll(belief, evidence, observations, mode);
  const floods = findFloods(belief, group, readings);
  const controls = new Map<string, Controls>();
  let refused = 0;
  for (const [address, reading] of readings) {
    const state = belief.hosts.get(address);
    if (state?.present !== true || reading.observation === undefined || floods.has(address)) continue;
    const found = controlsOf(state, reading);
    if (reading.host === 'unknown' && isAllSilent(found)) readings.set(address, asSilent(reading));
    controls.set(address, found);
    refused += deniedServices(state, reading);
  }
  const dark = new Set([...controls.keys()].filter((one) => isDarkNow(readings.get(one), controls.get(one))));
  const watched = watchedHosts(belief, group, readings, floods);
  const { steady = NO_STEADY } = evidence;
  const missRate = pooledMiss(group.hosts);
  const outage = findOutages(livingOutages(belief, group), watched, missRate, group.tick + 1, steady.subnets);
  const leftOut = new Set([...outage.frozen, ...dark]);
  const loss = measureLoss(group, watched, leftOut, controls, steady);
  const alike = alikeStrangers(belief, readings);
  const beside = goneBeside(() => belief.hosts.values(), group.at);
  return { mode, readings, floods, outage, controls, refused, dark, alike, ...loss, goneBeside: beside };
}

const isDarkNow = (reading: Reading | undefined, controls: Controls | undefined): boolean =>
  reading?.host === 'answered' && isDark(controls);

function deniedServices({ services }: HostState, { denied }: Reading): number {
  return services.filter(({ present, protocol, port }) => present && hasPort(denied, protocol, port)).length;
}

/** Fewer identical ones are a rack of the same machines. */
const FEWEST_ALIKE = 5;

/** Counted on first use: nobody asks while a group is learnt. */
function alikeStrangers(belief: Belief, readings: ReadonlyMap<string, Reading>): Survey['alike'] {
  let counts: ReadonlyMap<string, number> | undefined;
  return (address) => {
    counts ??= countAlike(belief, readings);
    return counts.get(address) ?? 0;
  };
}

function countAlike(belief: Belief, readings: ReadonlyMap<string, Reading>): Map<string, number> {
  const strangers = [...readings.values()].filter(({ address, open }) => open.length > 0 && !belief.hosts.has(address));
  const kinds = grouped(
    strangers,
    ({ address, openPorts }) => `${subnetOf(address)} ${JSON.stringify(packPorts(openPorts))}`,
  );
  const many = [...kinds.values()].filter((alike) => alike.length >= FEWEST_ALIKE);
  return new Map(many.flatMap((alike) => alike.map(({ address }) => [address, alike.length - 1] as const)));
}

/** An outage is dropped silently when its hosts have left the group or are reported as down by now. */
function livingOutages(belief: Belief, { outages }: GroupMemory): OutageMemory[] {
  return outages.filter(({ members: m }) => {
    const members = fromAddressRanges(m);
    for (const { address, present } of belief.hosts.values())
      if (present && rangesContain(members, address)) return true;
    return false;
  });
}

export function modeOf(
  evidence: Pick<ScanEvidence, 'scanTypes'>,
  observations: readonly Pick<HostObservation, 'reason'>[],
): ReachMode {
  if (observations.some(({ reason }) => reason === 'user-set')) return 'assumed';
  return evidence.scanTypes.includes('connect') ? 'connect' : 'raw';
}

/** `-Pn`, and none of the ports that used to answer does. */
function asSilent(reading: Reading): Reading {
  return { ...reading, host: 'silent', words: 'no answer from any port that used to answer' };
}

/** What was seen and what was missed, by address: the order in which nmap wrote its hosts must not matter. */
function readAll(
  belief: Belief,
  { coverage }: ScanEvidence,
  observations: readonly HostObservation[],
  mode: ReachMode,
): Map<string, Reading> {
  const seen = new Map(observations.map((one) => [one.address, one]));
  const covered = fromAddressRanges(coverage.addresses);
  const missing = [...belief.hosts.keys()].filter((address) => !seen.has(address) && rangesContain(covered, address));
  const readings = new Map<string, Reading>();
  for (const address of sortAddresses([...seen.keys(), ...missing])) {
    const one = seen.get(address);
    readings.set(address, one === undefined ? missingHost(address, mode) : readHost(one, coverage.ports, mode));
  }
  return readings;
}

function findFloods(belief: Belief, group: GroupMemory, readings: ReadonlyMap<string, Reading>): Set<string> {
  const strangers = fromAddressRanges(group.floods);
  const floods = new Set<string>();
  for (const [address, reading] of readings) {
    const state = belief.hosts.get(address);
    const memory = state === undefined ? {} : hostMemory(state.memory);
    if (memory.flood?.genuine === 1) continue;
    const known = state === undefined ? undefined : knownPorts(state, memory);
    const before = memory.flood !== undefined || (state === undefined && rangesContain(strangers, address));
    if (isFlood(reading, known, before)) floods.add(address);
  }
  return floods;
}

function knownPorts(state: HostState, memory: HostMemory): KnownPorts {
  return {
    open: portsOf(state.services.filter((service) => service.present)),
    denied: () => unpackPorts(memory.denied),
  };
}

function watchedHosts(
  belief: Belief,
  { tick }: GroupMemory,
  readings: ReadonlyMap<string, Reading>,
  floods: ReadonlySet<string>,
): Watched[] {
  const watched: Watched[] = [];
  for (const [address, reading] of readings) {
    const state = belief.hosts.get(address);
    if (state?.present !== true || floods.has(address) || !isComparable(state, reading)) continue;
    const { run, unheardSince, since } = hostMemory(state.memory);
    const silent = reading.host === 'silent';
    watched.push({
      address,
      silent,
      missed: run?.scans ?? 0,
      unheard: unheardSince !== undefined,
      fresh: since === tick,
    });
  }
  return watched;
}

/** A miss is only evidence where the host has answered this kind of discovery before. */
export function isComparable(state: HostState, reading: Reading): boolean {
  if (reading.host === 'unknown') return false;
  return reading.host !== 'silent' || (hostMemory(state.memory).reached ?? []).includes(reading.how);
}
