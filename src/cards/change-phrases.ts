import type { DeltaSide, DeltaSubject } from '../core/model/delta.ts';
import type { DeltaKind } from '../core/model/delta-kinds.ts';
import { commonName } from '../core/risk/service-names.ts';
import { cleanText } from '../core/text.ts';
import { counted, portWords } from './words.ts';

export type Changed = DeltaSubject & { before?: DeltaSide; after?: DeltaSide; members?: readonly string[] };

/** The phrases for one kind of change. `what`: a service by its name; `where`: an address, or a number of hosts. */
type Phrase = {
  /** With `where` in it: `RDP opened on 10.0.4.7`, `40 hosts are down`. */
  say(what: string, where: string, many: boolean): string;
  /** Only counted, next to other kinds: noun and verb, so that `3 services opened, 1 closed` has its noun once. */
  noun: readonly [one: string, many: string];
  verb: string;
};

const SERVICE = { noun: ['service', 'services'] } as const;
const HOST = { noun: ['host', 'hosts'] } as const;
const NAME = { noun: ['address', 'addresses'] } as const;

const PHRASES: Readonly<Record<DeltaKind, Phrase>> = {
  'service-added': { ...SERVICE, verb: 'opened', say: (what, where) => `${what} opened on ${where}` },
  'service-removed': { ...SERVICE, verb: 'closed', say: (what, where) => `${what} closed on ${where}` },
  'service-changed': { ...SERVICE, verb: 'changed', say: (what, where) => `${what} changed on ${where}` },
  'host-appeared': {
    noun: ['new host', 'new hosts'],
    verb: '',
    say: (_what, where, many) => (many ? where.replace(/ hosts?\b/, ' new hosts') : `New host ${where}`),
  },
  'host-down': { ...HOST, verb: 'down', say: (_what, where, many) => `${where} ${many ? 'are' : 'is'} down` },
  'host-recovered': {
    ...HOST,
    verb: 'up again',
    say: (_what, where, many) => `${where} ${many ? 'are' : 'is'} up again`,
  },
  'target-added': { ...NAME, verb: 'joined a host name', say: (_what, where) => `A host name now leads to ${where}` },
  'target-removed': {
    ...NAME,
    verb: 'left a host name',
    say: (_what, where) => `A host name no longer leads to ${where}`,
  },
  'certificate-changed': {
    noun: ['certificate', 'certificates'],
    verb: 'changed',
    say: (what, where) => `Certificate of ${what} changed on ${where}`,
  },
  'certificate-expiring': {
    noun: ['certificate', 'certificates'],
    verb: 'about to expire',
    say: (what, where) => `Certificate of ${what} expires soon on ${where}`,
  },
  'host-key-changed': {
    noun: ['host key', 'host keys'],
    verb: 'changed',
    say: (what, where) => `Host key of ${what} changed on ${where}`,
  },
  'mac-changed': {
    ...HOST,
    verb: 'with another MAC address',
    say: (_what, where, many) => `${where} ${many ? 'have' : 'has'} another MAC address`,
  },
  'os-changed': {
    ...HOST,
    verb: 'with another operating system',
    say: (_what, where, many) => `${where} ${many ? 'have' : 'has'} another operating system`,
  },
  'scripts-changed': {
    noun: ['script result', 'script results'],
    verb: 'changed',
    say: (_what, where) => `Scripts say something else of ${where}`,
  },
  outage: { ...HOST, verb: 'silent at once', say: (_what, where) => `${where} went silent at once` },
  'host-dark': {
    ...HOST,
    verb: 'gone dark',
    say: (_what, where, many) => `${where} ${many ? 'answer' : 'answers'} pings only: all services fell silent`,
  },
  firewall: {
    ...HOST,
    verb: 'behind a firewall that drops everything',
    say: (_what, where) => `A firewall in front of ${where} drops everything`,
  },
  'all-ports-open': {
    ...HOST,
    verb: 'answering on every port',
    say: (_what, where) => `Every port answers on ${where}`,
  },
};

export function phraseOf(kind: DeltaKind): Phrase {
  return PHRASES[kind];
}

/**
 * `RDP`, `HTTP (3389/tcp)` where the port suggests another service, `8000/tcp` where nothing is known; and what of it
 * changed.
 */
export function serviceWords(delta: Changed): string {
  if (delta.port === undefined) return '';
  const side = delta.after?.present === true ? delta.after : delta.before;
  const known = commonName(delta, side);
  const name = known === undefined ? undefined : cleanText(known.name, 30);
  const service =
    name === undefined ? portWords(delta) : known?.usual === true ? name : `${name} (${portWords(delta)})`;
  return delta.kind === 'service-changed' ? `${service} ${changedPart(delta)}`.trim() : service;
}

/** `RDP 3389/tcp`: name and port, for the lines under a title. */
export function serviceAndPort(delta: Changed): string {
  const words = serviceWords(delta);
  const port = portWords(delta);
  if (port === '' || words.includes(port)) return words.replace(/^(.*) \((\d+\/\w+)\)/, '$1 $2');
  const [name = '', ...rest] = words.split(' ');
  const known = commonName(delta, delta.after?.present === true ? delta.after : delta.before)?.name ?? name;
  return words.startsWith(known) ? `${known} ${port}${words.slice(known.length)}` : [name, port, ...rest].join(' ');
}

function changedPart({ before, after }: Changed): string {
  const [old, now] = [before?.identity, after?.identity];
  if (old?.tunnel !== now?.tunnel) return 'encryption';
  return old?.name === now?.name && old?.product === now?.product ? 'version' : '';
}

/** `12 hosts`, `40 hosts of dc`. */
export function hostsWords(count: number, group?: string): string {
  return group === undefined ? counted(count, 'host') : `${counted(count, 'host')} of ${group}`;
}
