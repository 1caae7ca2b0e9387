import type { Protocol, ServiceIdentity } from '../core/model/observation.ts';
import type { SeenHost } from '../core/model/scan.ts';
import type { HostState } from '../core/model/state.ts';
import { addressWords } from './address-words.ts';
import type { Section, Text } from './card.ts';
import { code, identityWords, portWords, rich, strong } from './words.ts';

const SERVICES_SHOWN = 12;

/** What of a host is shown beside its address: `(gw.lan)`, `unchanged (2)`, `22/tcp ssh · 80/tcp http`. */
type Look = { address: string; names: string; state: string; rest: string };

/** Hosts as they are believed now, with `state` in words; those that look the same are one line with their ranges. */
export function stateLines(rows: readonly { host: HostState; state: string }[]): Text[] {
  return sameLooks(rows.map(({ host, state }) => ({ ...lookOf(host, openPorts(host)), state }))).map(lineOf);
}

/** Hosts as one scan saw them, at most so many lines; `hostsUp`: how many there are in all. */
export function hostList(hosts: readonly SeenHost[], hostsUp: number, most: number): Section {
  const remark = ({ timedOut }: SeenHost) => (timedOut ? ' (timed out: its ports say nothing)' : '');
  const looks = sameLooks(hosts.map((host) => lookOf(host, host.ports, remark(host)))).slice(0, most);
  const named = looks.reduce((sum, { addresses }) => sum + addresses.length, 0);
  return { type: 'list', items: looks.map(lineOf), total: looks.length + Math.max(0, hostsUp - named) };
}

type OpenPort = { protocol: Protocol; port: number; service?: ServiceIdentity | undefined };
type SameLook = Omit<Look, 'address'> & { addresses: string[] };

function lookOf(
  { address, hostnames }: { address: string; hostnames: readonly string[] },
  ports: readonly OpenPort[],
  remark = '',
): Look {
  const names = hostnames.length === 0 ? '' : ` (${hostnames.slice(0, 2).join(', ')})`;
  const shown = ports
    .slice(0, SERVICES_SHOWN)
    .map((port) => `${portWords(port)} ${identityWords(port.service)}`.trim());
  const more = ports.length > SERVICES_SHOWN ? ` and ${ports.length - SERVICES_SHOWN} more` : '';
  const rest = `${shown.length === 0 ? 'no open port' : shown.join(' · ')}${more}${remark}`;
  return { address, names, state: '', rest };
}

/** In the order of their first. */
function sameLooks(looks: readonly Look[]): SameLook[] {
  const groups = new Map<string, SameLook>();
  for (const { address, ...look } of looks) {
    const key = JSON.stringify(look);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { ...look, addresses: [address] });
    else known.addresses.push(address);
  }
  return [...groups.values()];
}

function lineOf({ addresses, names, state, rest }: SameLook): Text {
  const words = addressWords(addresses, Number.POSITIVE_INFINITY);
  return rich(code(words), names, ...(state === '' ? [] : [' ', strong(state)]), `: ${rest}`);
}

function openPorts(host: HostState): OpenPort[] {
  const present = host.services.filter((service) => service.present);
  return present.map(({ protocol, port, identity }) => ({ protocol, port, service: identity }));
}
