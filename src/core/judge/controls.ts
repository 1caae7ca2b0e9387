import type { Doubt } from '../model/judgement.ts';
import type { PortSet, Protocol } from '../model/observation.ts';
import type { HostState } from '../model/state.ts';
import {
  countPorts,
  hasPort,
  intersectPorts,
  NO_PORTS,
  portsOf,
  subtractPorts,
  unionPorts,
  unpackPorts,
} from '../network/port-sets.ts';
import { type HostMemory, hostMemory, serviceMemory } from './memory.ts';
import type { Tally } from './rates.ts';
import type { Reading } from './reading.ts';

/**
 * The control of a silent port: what the other ports of that host, which answered last time, did in this very scan.
 * When many of them are silent too, probes are being lost, and the silence of one more says little.
 */
export type Controls = {
  silent: PortSet;
  heard: PortSet;
  /** Of both, those that are believed open. */
  open: PortSet;
  /** All ports of the host that have answered, those that were silent the scan before among them. */
  host: { tcp: Tally; udp: Tally };
  /** How many answered last time and were covered now, and how many of them are silent. */
  tcp: Tally;
  udp: Tally;
  /** For the group's record of loss: how many answer, and how many of them were silent the scan before. */
  past: { tcp: Tally; udp: Tally };
};

export function controlsOf(state: HostState, reading: Reading): Controls {
  const present = portsOf(state.services.filter((service) => service.present));
  const memory = hostMemory(state.memory);
  // What a dark host opens is let through by what drops the rest: no port that answers again.
  const opened = memory.e === undefined ? NO_PORTS : subtractPorts(reading.openPorts, present);
  const known = subtractPorts(answeringPorts(state), opened);
  const silent = intersectPorts(known, reading.silent);
  const answers = unionPorts(reading.denied, reading.openPorts);
  const heard = intersectPorts(known, answers);
  const quiet = unpackPorts(memory.q);
  const back = intersectPorts(quiet, answers);
  const open = intersectPorts(known, present);
  const host = sides(unionPorts(silent, intersectPorts(quiet, reading.silent)), unionPorts(heard, back));
  return { silent, heard, open, host, ...sides(silent, heard), past: sides(back, heard) };
}

function sides({ udp: silentUdp = [], ...silent }: PortSet, { udp: heardUdp = [], ...heard }: PortSet) {
  const tally = (m: number, n: number): Tally => ({ n: n + m, m });
  return {
    tcp: tally(countPorts(silent), countPorts(heard)),
    udp: tally(countPorts({ udp: silentUdp }), countPorts({ udp: heardUdp })),
  };
}

export const sideOf = (controls: Controls, protocol: Protocol): Tally =>
  protocol === 'udp' ? controls.udp : controls.tcp;

/**
 * Open or closed: they answered in the last scan that reached the host. A closed UDP port is no control: hosts send one
 * such answer a second (RFC 1812 4.3.2.8). Nor is, for a dark host, what came after it fell dark.
 */
export function answeringPorts(state: HostState): PortSet {
  const memory = hostMemory(state.memory);
  const { udp: _, ...closed } = unpackPorts(memory.d);
  const open = state.services.filter((service) => service.present && isControl(service.memory, memory));
  return subtractPorts(unionPorts(closed, portsOf(open)), unpackPorts(memory.q));
}

function isControl(memory: HostState['memory'], { e }: HostMemory): boolean {
  const { r, t = 0 } = serviceMemory(memory);
  return r === undefined && (e === undefined || t < e.s);
}

export const isAllSilent = ({ tcp, udp }: Controls): boolean => tcp.n + udp.n > 0 && tcp.n === tcp.m && udp.n === udp.m;

export const anyHeard = ({ tcp, udp }: Controls): boolean => tcp.n > tcp.m || udp.n > udp.m;

/** It answers pings, and none of its ports does any more. */
export function isDark(controls: Controls | undefined): boolean {
  if (controls === undefined) return false;
  const [n, m] = [controls.tcp.n + controls.udp.n, controls.tcp.m + controls.udp.m];
  return n >= FEWEST && m >= n * NEARLY_ALL;
}

/** One port that falls silent is a service; fewer than all of two, or nine in ten, are services too. */
const FEWEST = 2;
const NEARLY_ALL = 0.9;

/** So many ports of a host are knocked at to learn whether it is there. */
const KNOCKS = 3;

/** Ports that a confirmation scan should knock at besides: an answer from one says that the host itself is there. */
export function knockPorts(state: HostState, count: number = KNOCKS, among?: PortSet): Doubt[] {
  const all = answeringPorts(state);
  const known = among === undefined ? all : intersectPorts(all, among);
  const services = state.services.filter(({ protocol, port }) => hasPort(known, protocol, port));
  // A closed port comes first: the lowest is the same one on most hosts, which then share an nmap run.
  const closed = subtractPorts(known, portsOf(services)).tcp?.[0]?.[0];
  const knocks = closed === undefined ? [] : [{ address: state.address, protocol: 'tcp' as const, port: closed }];
  for (const { protocol, port } of services) {
    if (protocol === 'tcp' && knocks.length < count) knocks.push({ address: state.address, protocol, port });
  }
  return knocks;
}
