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
import { NEARLY_ALL, SEVERAL } from './filter.ts';
import { type HostMemory, hostMemory, serviceMemory } from './memory.ts';
import { losesLess, type Tally } from './rates.ts';
import type { Reading } from './reading.ts';

/**
 * The control of a silent port: how the other ports of that host that answered last time did in the same scan. If many
 * of them are silent too, probes are being lost, and one more silent port means little.
 */
export type Controls = {
  silent: PortSet;
  heard: PortSet;
  /** The ports of both that are believed open. */
  open: PortSet;
  /** All ports of the host that have ever answered, including those that were silent the scan before. */
  host: { tcp: Tally; udp: Tally };
  /** How many answered last time and were covered now, and how many of those are silent. */
  tcp: Tally;
  udp: Tally;
  /** For the group's record of loss: how many answer, and how many of those were silent the scan before. */
  past: { tcp: Tally; udp: Tally };
};

export function controlsOf(state: HostState, reading: Reading): Controls {
  const present = portsOf(state.services.filter((service) => service.present));
  const memory = hostMemory(state.memory);
  // A port that opens on a dark host is let through by whatever drops the rest; it is not a port that answers again.
  const opened = memory.dark === undefined ? NO_PORTS : subtractPorts(reading.openPorts, present);
  const answering = subtractPorts(answeringPorts(state), opened);
  const answers = unionPorts(reading.denied, reading.openPorts);
  const control = controlAmong(unionPorts(answering, unpackPorts(memory.quiet)), present, reading.silent, answers);
  const [known, quiet] = [intersectPorts(answering, control), intersectPorts(unpackPorts(memory.quiet), control)];
  const silent = intersectPorts(known, reading.silent);
  const heard = intersectPorts(known, answers);
  const back = intersectPorts(quiet, answers);
  const open = intersectPorts(known, present);
  const host = sides(unionPorts(silent, intersectPorts(quiet, reading.silent)), unionPorts(heard, back));
  return { silent, heard, open, host, ...sides(silent, heard), past: sides(back, heard) };
}

/**
 * Without the closed ports, if the open ones answer far too well for a path that loses so many of these: then a
 * firewall drops what is closed now, or the host sends few resets, and their silence says nothing about the path.
 */
function controlAmong(ports: PortSet, present: PortSet, silent: PortSet, answers: PortSet): PortSet {
  const tally = (some: PortSet): Tally => {
    const misses = countPorts(intersectPorts(some, silent));
    return { trials: misses + countPorts(intersectPorts(some, answers)), misses };
  };
  const open = intersectPorts(ports, present);
  const closed = tally(subtractPorts(ports, present));
  return closed.misses > 0 && losesLess(tally(open), closed) ? open : ports;
}

function sides({ udp: silentUdp = [], ...silent }: PortSet, { udp: heardUdp = [], ...heard }: PortSet) {
  const tally = (m: number, n: number): Tally => ({ trials: n + m, misses: m });
  return {
    tcp: tally(countPorts(silent), countPorts(heard)),
    udp: tally(countPorts({ udp: silentUdp }), countPorts({ udp: heardUdp })),
  };
}

export const sideOf = (controls: Controls, protocol: Protocol): Tally =>
  protocol === 'udp' ? controls.udp : controls.tcp;

/**
 * Ports, open or closed, that answered in the last scan that reached the host. A closed UDP port is no control: hosts
 * send one such answer a second (RFC 1812 4.3.2.8). On a dark host, a port that opened after it went dark is no control
 * either.
 */
export function answeringPorts(state: HostState): PortSet {
  const memory = hostMemory(state.memory);
  const { udp: _, ...closed } = unpackPorts(memory.denied);
  const open = state.services.filter((service) => service.present && isControl(service.memory, memory));
  return subtractPorts(unionPorts(closed, portsOf(open)), unpackPorts(memory.quiet));
}

function isControl(memory: HostState['memory'], { dark }: HostMemory): boolean {
  const { run, since = 0 } = serviceMemory(memory);
  return run === undefined && (dark === undefined || since < dark.since);
}

export const isAllSilent = ({ tcp, udp }: Controls): boolean =>
  tcp.trials + udp.trials > 0 && tcp.trials === tcp.misses && udp.trials === udp.misses;

export const anyHeard = ({ tcp, udp }: Controls): boolean => tcp.trials > tcp.misses || udp.trials > udp.misses;

/** Whether the host answers pings while all its services are silent, and its other ports too. */
export function isDark(controls: Controls | undefined): boolean {
  if (controls === undefined) return false;
  const { silent, heard, open } = controls;
  const [lost, answered] = [countPorts(silent), countPorts(heard)];
  // One silent port is a service.
  if (lost < 2 || lost < (lost + answered) * NEARLY_ALL) return false;
  return countPorts(intersectPorts(heard, open)) === 0 && countPorts(intersectPorts(silent, open)) > 0;
}

/** Ports that a confirmation scan should probe as well: an answer from one shows that the host itself is up. */
export function knockPorts(state: HostState, count: number = SEVERAL, among?: PortSet): Doubt[] {
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
