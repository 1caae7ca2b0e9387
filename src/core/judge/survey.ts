import type { Belief, ScanEvidence } from '../model/judgement.ts';
import type { HostObservation } from '../model/observation.ts';
import type { HostState } from '../model/state.ts';
import { fromAddressRanges, rangesContain } from '../network/address-ranges.ts';
import { sortAddresses, subnetOf } from '../network/addresses.ts';
import { hasPort, packPorts, portsOf, unpackPorts } from '../network/port-sets.ts';
import { type Controls, controlsOf, isAllSilent, isDark } from './controls.ts';
import { isFlood, type KnownPorts } from './flood.ts';
import { measureLoss, type ScanLoss } from './loss.ts';
import { type GroupMemory, type HostMemory, hostMemory, type OutageMemory, type ReachMode } from './memory.ts';
import { findOutages, type OutageFinding, type Watched } from './outage.ts';
import { pooledMiss } from './rates.ts';
import { missingHost, type Reading, readHost } from './reading.ts';
import { NO_STEADY } from './steady-counts.ts';

/** The questions of the whole, asked before any host is judged. */
export type Survey = {
  mode: ReachMode;
  readings: ReadonlyMap<string, Reading>;
  /** Addresses that answer on all ports. */
  floods: ReadonlySet<string>;
  outage: OutageFinding;
  controls: ReadonlyMap<string, Controls>;
  /** Of new addresses with open ports: how many others of the subnet have the very same. Few are left out. */
  alike: ReadonlyMap<string, number>;
  /** Services that an answer denies. */
  refused: number;
  /** Hosts that answer and whose ports have all fallen silent. */
  dark: ReadonlySet<string>;
} & ScanLoss;

export function surveyScan(belief: Belief, group: GroupMemory, evidence: ScanEvidence): Survey {
  const observations = [...evidence.hosts];
  const mode = modeOf(evidence, observations);
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
  return { mode, readings, floods, outage, controls, refused, dark, alike, ...loss };
}

const isDarkNow = (reading: Reading | undefined, controls: Controls | undefined): boolean =>
  reading?.host === 'answered' && isDark(controls);

function deniedServices({ services }: HostState, { denied }: Reading): number {
  return services.filter(({ present, protocol, port }) => present && hasPort(denied, protocol, port)).length;
}

/** Fewer that are alike are a rack of the same machines. */
const FEWEST_ALIKE = 5;

function alikeStrangers(belief: Belief, readings: ReadonlyMap<string, Reading>): Map<string, number> {
  const kinds = new Map<string, string[]>();
  for (const [address, { open, openPorts }] of readings) {
    if (open.length === 0 || belief.hosts.has(address)) continue;
    const kind = `${subnetOf(address)} ${JSON.stringify(packPorts(openPorts))}`;
    const known = kinds.get(kind);
    if (known === undefined) kinds.set(kind, [address]);
    else known.push(address);
  }
  const many = [...kinds.values()].filter((addresses) => addresses.length >= FEWEST_ALIKE);
  return new Map(many.flatMap((addresses) => addresses.map((address) => [address, addresses.length - 1] as const)));
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

export function modeOf(
  evidence: Pick<ScanEvidence, 'scanTypes'>,
  observations: readonly Pick<HostObservation, 'reason'>[],
): ReachMode {
  if (observations.some(({ reason }) => reason === 'user-set')) return 'assumed';
  return evidence.scanTypes.includes('connect') ? 'connect' : 'raw';
}

/** `-Pn`, and of all the ports that used to answer, none does. */
function asSilent(reading: Reading): Reading {
  return { ...reading, host: 'silent', words: 'no answer from any port that used to answer' };
}

/** What was seen and what was missed, by address: in which order nmap wrote its hosts must not matter to anything. */
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
  { tick }: GroupMemory,
  readings: ReadonlyMap<string, Reading>,
  floods: ReadonlySet<string>,
): Watched[] {
  const watched: Watched[] = [];
  for (const [address, reading] of readings) {
    const state = belief.hosts.get(address);
    if (state?.present !== true || floods.has(address) || !isComparable(state, reading)) continue;
    const { r, x, t } = hostMemory(state.memory);
    const silent = reading.host === 'silent';
    watched.push({ address, silent, missed: r?.k ?? 0, unheard: x !== undefined, fresh: t === tick });
  }
  return watched;
}

/** A miss says something only where the host has answered to this kind of discovery before. */
export function isComparable(state: HostState, reading: Reading): boolean {
  if (reading.host === 'unknown') return false;
  return reading.host !== 'silent' || (hostMemory(state.memory).w ?? []).includes(reading.how);
}
