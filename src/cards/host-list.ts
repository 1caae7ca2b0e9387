import type { Group } from '../core/model/group.ts';
import type { HostState, ServiceState } from '../core/model/state.ts';
import { commonName } from '../core/risk/service-names.ts';
import { cleanText } from '../core/text.ts';
import type { Card, Section, Text } from './card.ts';
import { codeWords } from './host.ts';
import { type Paging, pageControls, pageFooter } from './paging.ts';
import { commonWords, tableOf, textWidth } from './table-layout.ts';
import { at, counted, rich } from './words.ts';

export type HostRow = { host: HostState; groupName: string };

/** The width on a phone: `host show` has the other ports and the rest of a long name. */
const PORTS_WIDTH = 24;
const NAME_WIDTH = 24;

/** Hosts as they are believed now, a row each. `what`: the status by which they were filtered. */
export function hostListCard(group: Group | undefined, rows: readonly HostRow[], what: string, paging: Paging): Card {
  return {
    title: `${group === undefined ? '' : `${group.name}: `}${counted(paging.total, 'host')}${what === '' ? '' : ` ${what}`}`,
    tone: 'info',
    sections: rows.length === 0 ? [{ type: 'text', text: 'No matches.' }] : sections(group, rows),
    controls: pageControls(paging),
    footer: pageFooter(paging),
  };
}

/** A status or group that all of them share is shown once. */
function sections(group: Group | undefined, rows: readonly HostRow[]): Section[] {
  const status = commonWords(rows.map(({ host }) => codeWords(host.code)));
  const groupName = commonWords(rows.map((row) => row.groupName));
  const inGroup = group !== undefined || groupName === undefined ? '' : `in ${groupName}`;
  const all = [status ?? '', inGroup].filter((part) => part !== '').join(' ');
  const cells = ({ host, groupName: name }: HostRow): Text[] => [
    host.address,
    status === undefined ? codeWords(host.code) : '',
    groupName === undefined ? name : '',
    host.lastSeen === undefined ? '' : rich(at(host.lastSeen, 'date')),
    openPorts(host),
    cleanText(host.hostnames[0] ?? '', NAME_WIDTH),
  ];
  return [
    ...(all === '' ? [] : [{ type: 'text' as const, text: `${rows.length === 1 ? '' : 'All '}${all}` }]),
    tableOf(['address', 'status', 'group', 'last seen', 'open ports', 'name'], rows.map(cells)),
  ];
}

/** `22 SSH, 443 HTTPS +3`: as many as fit; of a host that is down as they were when it answered last. */
function openPorts({ services, present: up }: HostState): string {
  const words = services.filter(({ present }) => present).map(portAndName);
  if (words.length === 0) return '–';
  const was = up ? '' : 'was ';
  const fits = (shown: readonly string[]) => textWidth(was + withRest(shown, words.length)) <= PORTS_WIDTH;
  const most = words.findLastIndex((_, index) => fits(words.slice(0, index + 1)));
  return was + withRest(words.slice(0, Math.max(1, most + 1)), words.length);
}

function withRest(shown: readonly string[], total: number): string {
  return `${shown.join(', ')}${shown.length < total ? ` +${total - shown.length}` : ''}`;
}

/** `443 HTTPS`, `53/udp DNS`; a name that leaves no room for others is shortened. */
function portAndName({ protocol, port, identity }: ServiceState): string {
  const side = identity === undefined ? undefined : { present: true, identity };
  const name = cleanText(commonName({ protocol, port }, side)?.name ?? '', 12);
  return `${port}${protocol === 'tcp' ? '' : `/${protocol}`} ${name}`.trim();
}
