import { extraEvidence, hostEvidence, type PortLookup, portLookup, stateEvidence } from '../compare/evidence.ts';
import type { HostObservation, PortObservation, PortSet, Protocol } from '../model/observation.ts';
import { intersectPorts, NO_PORTS, portsOf, unionPorts } from '../network/port-sets.ts';
import { mergeRanges } from '../network/range-set.ts';
import type { ReachMode } from './memory.ts';

/** One host in one scan, as evidence. */
export type Reading = {
  address: string;
  /**
   * - `answered`: it is up, and its ports are evidence
   * - `reached`: it is up, but its ports are no evidence
   * - `silent`: a covering scan had no answer
   * - `unknown`: no evidence, such as `-Pn` without any answer
   */
  host: 'answered' | 'reached' | 'silent' | 'unknown';
  /** Plain words for it. */
  words: string;
  how: ReachMode;
  observation?: HostObservation;
  open: readonly PortObservation[];
  openPorts: PortSet;
  /** Strongly absent: closed, or rejected by a filter. */
  denied: PortSet;
  /** No answer: filtered, or the probe was lost. */
  silent: PortSet;
  /** Not open, but closed or silent: an old nmap wrote only counts. */
  notOpen: PortSet;
  /** The evidence for any port. */
  port: PortLookup;
};

const NOTHING = { open: [], openPorts: NO_PORTS, denied: NO_PORTS, silent: NO_PORTS, notOpen: NO_PORTS };

export function readHost(observation: HostObservation, covered: PortSet, mode: ReachMode): Reading {
  const evidence = hostEvidence(observation);
  const base = { address: observation.address, words: evidence.words, observation, port: portLookup(observation) };
  const how: ReachMode = observation.reason === 'user-set' ? 'assumed' : mode;
  switch (evidence.strength) {
    case 'weak-absent':
    case 'strong-absent':
      return { ...base, ...NOTHING, how, host: 'silent' };
    case 'none':
      return observation.timedOut
        ? { ...base, ...NOTHING, how, host: 'unknown' }
        : { ...base, ...NOTHING, ...readPorts(observation, covered), how, host: 'unknown' };
    case 'strong-present':
      if (observation.timedOut) {
        const words = 'up, but it took too long: its ports say nothing';
        return { ...base, ...NOTHING, words, how, host: 'reached' };
      }
      return { ...base, ...readPorts(observation, covered), how, host: 'answered' };
  }
}

/** A host that a covering scan does not list. */
export function missingHost(address: string, mode: ReachMode): Reading {
  const port: PortLookup = () => ({ strength: 'none', words: 'the host did not answer' });
  return { address, ...NOTHING, host: 'silent', words: 'no answer', how: mode, port };
}

function readPorts(observation: HostObservation, covered: PortSet) {
  const open: PortObservation[] = [];
  const denied: PortObservation[] = [];
  const silent: PortObservation[] = [];
  for (const port of observation.ports) {
    const strength = isSilentUdp(port) ? 'weak-absent' : stateEvidence(port.state, port.reason).strength;
    if (strength === 'strong-present') open.push(port);
    else if (strength === 'strong-absent') denied.push(port);
    else if (strength === 'weak-absent') silent.push(port);
  }
  const extra = readExtra(observation);
  open.sort(byPort);
  return {
    open,
    openPorts: portsOf(open),
    denied: intersectPorts(unionPorts(portsOf(denied), extra.denied), covered),
    silent: intersectPorts(unionPorts(portsOf(silent), extra.silent), covered),
    notOpen: intersectPorts(extra.notOpen, covered),
  };
}

/** UDP services do not answer most probes, and `open|filtered` is what their silence looks like. */
const isSilentUdp = ({ protocol, state }: Pick<PortObservation, 'protocol' | 'state'>): boolean =>
  protocol === 'udp' && state === 'open|filtered';

type Place = { protocol: Protocol; port: number };

/** A fixed order, in whatever order they were written. */
export function byPort(a: Place, b: Place): number {
  if (a.protocol !== b.protocol) return a.protocol < b.protocol ? -1 : 1;
  return a.port - b.port;
}

function readExtra(observation: HostObservation): Pick<Reading, 'denied' | 'silent' | 'notOpen'> {
  let [denied, silent, notOpen] = [NO_PORTS, NO_PORTS, NO_PORTS];
  for (const extra of observation.extra) {
    const strength = isSilentUdp(extra) ? 'weak-absent' : extraEvidence(extra).strength;
    const set: PortSet = { [extra.protocol]: mergeRanges(extra.ports) };
    if (strength === 'strong-absent') denied = unionPorts(denied, set);
    else if (strength === 'weak-absent') silent = unionPorts(silent, set);
    else if (strength === 'not-open') notOpen = unionPorts(notOpen, set);
  }
  return { denied, silent, notOpen };
}
