import { subnetOf } from '../addresses.ts';
import type { Belief, ScanEvidence } from '../judgement.ts';
import type { HostObservation } from '../observation.ts';
import { fromAddressRanges, rangesContain } from '../ranges.ts';
import type { HostState } from '../state.ts';
import { type Controls, controlsOf, isDark } from './controls.ts';
import { isFlood, type KnownPorts } from './flood.ts';
import { type GroupMemory, type HostMemory, hostMemory, type ReachMode, type Tally } from './memory.ts';
import { findOutages, type OutageFinding, type Watched } from './outage.ts';
import { portsOf, unpackPorts } from './port-sets.ts';
import { betaMean, boundHostMiss, boundMiss } from './probability.ts';
import { missingHost, type Reading, readHost } from './reading.ts';
import { cautiousMiss, pooledMiss } from './tally.ts';

/** The questions of the whole, asked before any host is judged. */
export type Survey = {
  mode: ReachMode;
  readings: ReadonlyMap<string, Reading>;
  /** Addresses that answer on all ports. */
  floods: ReadonlySet<string>;
  outage: OutageFinding;
  controls: ReadonlyMap<string, Controls>;
  /** Sums over the scan, for the group's record. */
  hosts: Tally;
  ports: Tally;
  /** Chance that this scan misses a port of the host; without the port itself when it is one of the controls. */
  portMiss(address: string, itself: 'control' | 'other'): number;
  /** Chance that this scan misses a host, from its neighbours; `itself`: it had answered the scan before. */
  hostMiss(address: string, itself: 'steady' | 'missing'): number;
};

const SCAN_WEIGHT = 20;
const HOST_WEIGHT = 4;

export function surveyScan(belief: Belief, group: GroupMemory, evidence: ScanEvidence): Survey {
  const observations = [...evidence.hosts];
  const mode = modeOf(evidence, observations);
  const readings = new Map<string, Reading>();
  for (const observation of observations) {
    readings.set(observation.address, readHost(observation, evidence.coverage.ports, mode));
  }
  addMissing(belief, evidence, mode, readings);
  const floods = findFloods(belief, group, readings);
  const controls = new Map<string, Controls>();
  for (const [address, reading] of readings) {
    const state = belief.hosts.get(address);
    if (state?.present !== true || reading.observation === undefined || floods.has(address)) continue;
    const found = controlsOf(state, reading);
    if (reading.host === 'unknown' && found.n > 0 && found.m === found.n) readings.set(address, asSilent(reading));
    controls.set(address, found);
  }
  const watched = watchedHosts(belief, readings, controls, floods);
  const outage = findOutages(group.outages, watched, cautiousMiss(group.hosts), group.tick + 1);
  return { mode, readings, floods, outage, controls, ...rates(group, watched, outage, controls) };
}

function modeOf(evidence: ScanEvidence, observations: readonly HostObservation[]): ReachMode {
  if (observations.some(({ reason }) => reason === 'user-set')) return 'assumed';
  return evidence.scanTypes.includes('connect') ? 'connect' : 'raw';
}

/** `-Pn`, and of all the ports that used to answer, none does. */
function asSilent(reading: Reading): Reading {
  return { ...reading, host: 'silent', words: 'no answer from any port that used to answer' };
}

function addMissing(belief: Belief, evidence: ScanEvidence, mode: ReachMode, readings: Map<string, Reading>): void {
  const covered = fromAddressRanges(evidence.coverage.addresses);
  for (const address of belief.hosts.keys()) {
    if (!readings.has(address) && rangesContain(covered, address)) readings.set(address, missingHost(address, mode));
  }
}

function findFloods(belief: Belief, group: GroupMemory, readings: ReadonlyMap<string, Reading>): Set<string> {
  const strangers = fromAddressRanges(group.floods);
  const floods = new Set<string>();
  for (const [address, reading] of readings) {
    const state = belief.hosts.get(address);
    const memory = state === undefined ? {} : hostMemory(state.memory);
    if (memory.a?.g === 1) continue;
    const known = state === undefined ? undefined : knownPorts(state, memory);
    const before = memory.a !== undefined || (state === undefined && rangesContain(strangers, address));
    if (isFlood(reading, known, before)) floods.add(address);
  }
  return floods;
}

function knownPorts(state: HostState, memory: HostMemory): KnownPorts {
  return { open: portsOf(state.services.filter((service) => service.present)), denied: unpackPorts(memory.d) };
}

function watchedHosts(
  belief: Belief,
  readings: ReadonlyMap<string, Reading>,
  controls: ReadonlyMap<string, Controls>,
  floods: ReadonlySet<string>,
): Watched[] {
  const watched: Watched[] = [];
  for (const [address, reading] of readings) {
    const state = belief.hosts.get(address);
    if (state?.present !== true || floods.has(address) || !isComparable(state, reading)) continue;
    const dark = reading.host === 'answered' && isDark(controls.get(address) ?? { n: 0, m: 0 });
    const missing = hostMemory(state.memory).r !== undefined;
    watched.push({ address, silent: dark || reading.host === 'silent', missing });
  }
  return watched;
}

/** A miss says something only where the host has answered to this kind of discovery before. */
export function isComparable(state: HostState, reading: Reading): boolean {
  if (reading.host === 'unknown') return false;
  return reading.host !== 'silent' || (hostMemory(state.memory).w ?? []).includes(reading.how);
}

function rates(
  group: GroupMemory,
  watched: readonly Watched[],
  outage: OutageFinding,
  controls: ReadonlyMap<string, Controls>,
): Pick<Survey, 'hosts' | 'ports' | 'portMiss' | 'hostMiss'> {
  const subnets = new Map<string, Tally>();
  const hosts: Tally = { n: 0, m: 0 };
  for (const { address, silent, missing } of watched) {
    if (missing || outage.frozen.has(address)) continue;
    const subnet = subnets.get(subnetOf(address)) ?? { n: 0, m: 0 };
    subnets.set(subnetOf(address), subnet);
    for (const tally of [subnet, hosts]) {
      tally.n += 1;
      if (silent) tally.m += 1;
    }
  }
  const ports: Tally = { n: 0, m: 0 };
  for (const [address, { n, m }] of controls) {
    if (outage.frozen.has(address)) continue;
    ports.n += n;
    ports.m += m;
  }
  const usualHost = pooledMiss(group.hosts);
  const scanPort = betaMean(pooledMiss(group.services), SCAN_WEIGHT, ports.m, ports.n);
  return {
    hosts,
    ports,
    portMiss: (address, itself) => {
      const { n, m } = controls.get(address) ?? { n: 0, m: 0 };
      const own = itself === 'control' ? 1 : 0;
      const here = betaMean(scanPort, HOST_WEIGHT, Math.max(0, m - own), Math.max(0, n - own));
      return boundMiss(Math.max(here, scanPort));
    },
    hostMiss: (address, itself) => {
      const { n, m } = subnets.get(subnetOf(address)) ?? { n: 0, m: 0 };
      const own = itself === 'steady' ? 1 : 0;
      return boundHostMiss(betaMean(usualHost, HOST_WEIGHT, Math.max(0, m - own), Math.max(0, n - own)));
    },
  };
}
