import type { Belief, ScanEvidence } from '../model/judgement.ts';
import type { HostObservation } from '../model/observation.ts';
import type { HostState } from '../model/state.ts';
import { fromAddressRanges, rangesContain } from '../network/ranges.ts';
import { type Controls, controlsOf, isDark } from './controls.ts';
import { isFlood, type KnownPorts } from './flood.ts';
import {
  type GroupMemory,
  type HostMemory,
  hostMemory,
  type OutageMemory,
  type ReachMode,
  type Tally,
} from './memory.ts';
import { findOutages, type OutageFinding, type Watched } from './outage.ts';
import { portsOf, unpackPorts } from './port-sets.ts';
import { missingHost, type Reading, readHost } from './reading.ts';
import { type MissChances, scanRates } from './scan-rates.ts';
import { cautiousMiss } from './tally.ts';

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
} & MissChances;

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
  const outage = findOutages(livingOutages(belief, group), watched, cautiousMiss(group.hosts), group.tick + 1);
  return { mode, readings, floods, outage, controls, ...scanRates(group, watched, outage.frozen, controls) };
}

/** An outage whose hosts have left the group, or are told as down by now, is over without a word. */
function livingOutages(belief: Belief, { outages }: GroupMemory): OutageMemory[] {
  return outages.filter(({ m }) => {
    const members = fromAddressRanges(m);
    for (const { address, present } of belief.hosts.values())
      if (present && rangesContain(members, address)) return true;
    return false;
  });
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
  return { open: portsOf(state.services.filter((service) => service.present)), denied: () => unpackPorts(memory.d) };
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
    const dark = reading.host === 'answered' && isDark(controls.get(address));
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
