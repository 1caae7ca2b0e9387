import type { Doubt } from '../model/judgement.ts';
import type { PortSet } from '../model/observation.ts';
import type { HostState } from '../model/state.ts';
import { hostMemory, serviceMemory } from './memory.ts';
import { countPorts, hasPort, intersectPorts, portsOf, subtractPorts, unionPorts, unpackPorts } from './port-sets.ts';
import type { Reading } from './reading.ts';

/**
 * The control of a silent port: what the other ports of that host, which answered last time, did in this very scan.
 * When many of them are silent too, probes are being lost, and the silence of one more says little.
 */
export type Controls = {
  /** Ports that answered last time, and in this scan were covered. */
  n: number;
  /** Of these, silent. */
  m: number;
  silent: PortSet;
  heard: PortSet;
};

export function controlsOf(state: HostState, reading: Reading): Controls {
  const known = answeringPorts(state);
  const silent = intersectPorts(known, reading.silent);
  const answered = unionPorts(reading.denied, reading.openPorts);
  const heard = intersectPorts(known, answered);
  const m = countPorts(silent);
  return { n: m + countPorts(heard), m, silent, heard };
}

/** Open or closed: they answered in the last scan that reached the host. */
export function answeringPorts(state: HostState): PortSet {
  const memory = hostMemory(state.memory);
  const open = state.services.filter((service) => service.present && serviceMemory(service.memory).r === undefined);
  return subtractPorts(unionPorts(unpackPorts(memory.d), portsOf(open)), unpackPorts(memory.q));
}

/** It answers pings, and none of its ports does any more. */
export function isDark(controls: Controls | undefined): boolean {
  return controls !== undefined && controls.n >= 3 && controls.m / controls.n >= 0.9;
}

/** So many ports of a host are knocked at to learn whether it is there. */
const KNOCKS = 3;

/** Ports that a confirmation scan should knock at besides: an answer from one says that the host itself is there. */
export function knockPorts(state: HostState, count: number = KNOCKS): Doubt[] {
  const known = answeringPorts(state);
  const services = state.services.filter(({ protocol, port }) => hasPort(known, protocol, port));
  // A closed port comes first: the lowest is the same one on most hosts, which then share an nmap run.
  const closed = subtractPorts(known, portsOf(services)).tcp?.[0]?.[0];
  const knocks = closed === undefined ? [] : [{ address: state.address, protocol: 'tcp' as const, port: closed }];
  for (const { protocol, port } of services) {
    if (protocol === 'tcp' && knocks.length < count) knocks.push({ address: state.address, protocol, port });
  }
  return knocks;
}
