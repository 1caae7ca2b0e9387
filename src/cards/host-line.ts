import type { Protocol, ServiceIdentity } from '../core/model/observation.ts';
import type { SeenHost } from '../core/model/scan.ts';
import { addressWords } from './address-words.ts';
import type { Section, Text } from './card.ts';
import { code, identityWords, portWords, rich } from './words.ts';

const SERVICES_SHOWN = 12;

/** What is shown beside a host's address: `(gw.lan)`, `22/tcp ssh · 80/tcp http`. */
type Look = { address: string; names: string; rest: string };

/** Hosts as one scan saw them, at most `most` lines; `hostsUp`: how many there are in total. */
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
  return { address, names, rest };
}

/** In the order of the first host of each. */
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

function lineOf({ addresses, names, rest }: SameLook): Text {
  const words = addressWords(addresses, Number.POSITIVE_INFINITY);
  return rich(code(words), names, `: ${rest}`);
}
