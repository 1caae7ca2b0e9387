import type { Protocol, ServiceIdentity } from '../core/model/observation.ts';
import type { SeenHost } from '../core/model/scan.ts';
import type { HostState, ServiceState } from '../core/model/state.ts';
import type { Text } from './card.ts';
import { code, identityWords, portWords, rich } from './words.ts';

const SERVICES_SHOWN = 12;

/** A host as it is believed now: `10.0.0.5 (gw.lan): 22/tcp ssh, 80/tcp http`. */
export function hostLine(host: HostState): Text {
  const ports = openServices(host).map(({ protocol, port, identity }) => ({ protocol, port, service: identity }));
  return line(host, ports, '');
}

/** A host as one scan saw it. */
export function seenLine(host: SeenHost): Text {
  return line(host, host.ports, host.timedOut ? ' (timed out: its ports say nothing)' : '');
}

type OpenPort = { protocol: Protocol; port: number; service?: ServiceIdentity | undefined };

function line(
  { address, hostnames }: { address: string; hostnames: readonly string[] },
  ports: readonly OpenPort[],
  remark: string,
): Text {
  const names = hostnames.length === 0 ? '' : ` (${hostnames.slice(0, 2).join(', ')})`;
  const shown = ports
    .slice(0, SERVICES_SHOWN)
    .map((port) => `${portWords(port)} ${identityWords(port.service)}`.trim());
  const more = ports.length > SERVICES_SHOWN ? ` and ${ports.length - SERVICES_SHOWN} more` : '';
  return rich(code(address), `${names}: ${shown.length === 0 ? 'no open port' : shown.join(' · ')}${more}${remark}`);
}

function openServices(host: HostState): ServiceState[] {
  return host.services.filter((service) => service.present);
}
