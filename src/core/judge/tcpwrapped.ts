import type { PortObservation } from '../model/observation.ts';
import type { HostState } from '../model/state.ts';
import {
  hasPort,
  type PackedPorts,
  packPorts,
  portsOf,
  subtractPorts,
  unionPorts,
  unpackPorts,
} from '../network/port-sets.ts';
import { isIgnored, type ScanContext } from './context.ts';
import { hostMemory } from './memory.ts';
import type { Reading } from './reading.ts';

type Context = Pick<ScanContext, 'policy'>;

/** Whether an open port without a believed service counts as nothing. */
export type Ignored = (seen: PortObservation) => boolean;

/**
 * `ignore-tcpwrapped`: also in a scan that reads no versions, if the port was tcpwrapped when they were last read: such
 * a scan does not show that it is another service now.
 */
export function stillIgnored(context: Context, host: HostState, reading: Reading): Ignored {
  const { wrapped } = hostMemory(host.memory);
  const ignored: Ignored = ({ service }) => isIgnored(context, service?.name);
  if (!context.policy.ignoreTcpwrapped || wrapped === undefined || readsVersions(reading)) return ignored;
  const before = unpackPorts(wrapped);
  return (seen) => ignored(seen) || hasPort(before, seen.protocol, seen.port);
}

/**
 * The ports that are ignored from now on while nobody reads what they are: those that are tcpwrapped now, and those that
 * were and have neither refused nor said what they are.
 */
export function ignoredPorts(context: Context, before: PackedPorts | undefined, reading: Reading) {
  if (!context.policy.ignoreTcpwrapped) return undefined;
  const { open, denied } = reading;
  const answered = readsVersions(reading) ? unionPorts(denied, portsOf(open)) : denied;
  const wrapped = open.filter(({ service }) => isIgnored(context, service?.name));
  return packPorts(unionPorts(subtractPorts(unpackPorts(before), answered), portsOf(wrapped)));
}

/**
 * nmap writes the same for a port that it did not ask and for one whose answer it does not know; but where it reads
 * versions, it knows some port of the host.
 */
const readsVersions = ({ open }: Reading): boolean => open.some(({ service }) => service?.method === 'probed');
