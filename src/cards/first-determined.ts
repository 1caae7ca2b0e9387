import { grouped } from '../core/grouped.ts';
import type { Group } from '../core/model/group.ts';
import type { FirstDetermined } from '../core/model/judgement.ts';
import { addressWords } from './address-words.ts';
import type { Card, Section, Text } from './card.ts';
import { toCsv } from './csv.ts';
import { at, code, counted, identityWords, portWords, rich } from './words.ts';

export type FirstDeterminedItem = FirstDetermined & { scanId: number; at: number };

export type FirstDeterminedCardInput = { group: Group; items: readonly FirstDeterminedItem[] };

const SHOWN = 30;

/** The growing list of what was found while NetDelta learnt what is normal here: listed, not alerted. */
export function firstDeterminedCard({ group, items }: FirstDeterminedCardInput): Card {
  const hosts = hostsOf(items);
  const ports = items.filter((item) => item.port !== undefined).length;
  const lines = firstDeterminedLines(items);
  const joined = lastJoined(items);
  const title = `${group.name}: ${joined.length === 0 ? 'baseline recorded' : 'its baseline has grown'}`;
  return {
    title,
    tone: 'info',
    summary: `${title}: ${counted(hosts.size, 'host')}, ${counted(ports, 'open port')}`,
    sections: [
      ...joined,
      {
        type: 'text',
        text: `${joined.length === 0 ? '' : 'In all '}${counted(hosts.size, 'host')}, ${counted(ports, 'open port')}. What changes from here on is alerted; what is determined later for the first time joins this list.`,
      },
      { type: 'list', items: lines.slice(0, SHOWN), total: lines.length },
    ],
    controls: [],
    footer: [`${group.name} · learning takes ${counted(group.policy.learn, 'scan')} for ports that stay silent`],
    attachment: { name: `${group.name}-first.csv`, mimeType: 'text/csv', content: csv(items), when: 'cut' },
  };
}

/** What the latest scan added to the list of earlier ones. */
function lastJoined(items: readonly FirstDeterminedItem[]): Section[] {
  const latest = Math.max(...items.map(({ scanId }) => scanId));
  const joined = items.filter(({ scanId }) => scanId === latest);
  const [one] = joined;
  if (one === undefined || joined.length === items.length) return [];
  const lines = firstDeterminedLines(joined);
  return [
    { type: 'text', text: rich(`Scan #${latest} added, `, at(one.at), ':') },
    { type: 'list', items: lines.slice(0, SHOWN), total: lines.length },
  ];
}

/** `10.0.0.5-9: 22/tcp ssh`: hosts with the same services are one line. */
export function firstDeterminedLines(items: readonly FirstDeterminedItem[]): Text[] {
  const looks = grouped(hostsOf(items), ([, own]) => servicesOf(own));
  return [...looks].map(([words, hosts]) => {
    const addresses = hosts.map(([address]) => address);
    return rich(code(addressWords(addresses, Number.POSITIVE_INFINITY)), words === '' ? '' : `: ${words}`);
  });
}

const hostsOf = (items: readonly FirstDeterminedItem[]) => grouped(items, ({ address }) => address);

function servicesOf(items: readonly FirstDeterminedItem[]): string {
  return items
    .filter((item) => item.port !== undefined)
    .map((item) => `${portWords(item)} ${identityWords(item.identity)}`.trim())
    .join(' · ');
}

function csv(items: readonly FirstDeterminedItem[]): string {
  const rows = items.map((item) => [
    item.address,
    item.protocol ?? '',
    item.port === undefined ? '' : String(item.port),
    identityWords(item.identity),
    String(item.scanId),
    new Date(item.at).toISOString(),
  ]);
  return toCsv([['address', 'protocol', 'port', 'service', 'scan', 'time'], ...rows]);
}
