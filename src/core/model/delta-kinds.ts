import type { RiskAssessment } from './scales.ts';

/** Everything that a delta's kind decides. A new kind is a row of the table below, plus its evidence in the judge. */
type KindRow = {
  /** Found only in groups that compare it. */
  trait?: 'os' | 'scripts';
  /** Deltas of one family about one thing are one story: a service that closes and opens again. */
  family: 'host' | 'target' | 'service' | 'outage' | 'flood' | 'dark' | 'certificate' | 'os' | 'scripts';
  subject: 'host' | 'service' | 'subnet';
  /** Singular and plural, without a number: `service added`, `services added`. */
  words: readonly [one: string, many: string];
  /** Before → after; `sides`: described by the delta's own `before` and `after`. */
  change: 'sides' | `${string} → ${string}`;
  /** The risk, or the rule by which it depends on the service (see risk.ts). */
  risk: RiskAssessment | 'opened' | 'closed' | 'identity' | 'certificate';
  /** The kind that undoes it and thereby resolves it. */
  undoneBy?: string;
  /** Whether `expect add` can announce it before it happens. */
  expectable: boolean;
  /** Whether a confirmation scan can check it again. */
  recheckable: boolean;
  /** How a confirmed one changes the status code of a host that answers. */
  effect: 'none' | 'added' | 'removed' | 'changed';
  /**
   * What a candidate of this kind waits for in the judge's memory: an `answer`, an answer from any `port` of a host
   * that otherwise answers, or another `read` of the identity.
   */
  waitsFor: 'nothing' | 'answer' | 'port' | 'read';
  /**
   * What the judge learns when a user marks it as a false alarm. `nothing`: it was seen, whatever it means;
   * `still-there`: what was reported as gone was there; `same-identity`: both reads are one service; `genuine`: the
   * ports really are open; `no-outage`: its hosts are judged one by one.
   */
  lesson: 'nothing' | 'still-there' | 'same-identity' | 'genuine' | 'no-outage';
};

const HOST = { family: 'host', subject: 'host', expectable: false, recheckable: true, effect: 'none' } as const;
const TARGET = { ...HOST, family: 'target', recheckable: false, waitsFor: 'nothing', lesson: 'nothing' } as const;
const SERVICE = {
  family: 'service',
  subject: 'service',
  change: 'sides',
  expectable: true,
  recheckable: true,
} as const;

/** In the order in which they are listed and counted. */
const TABLE = {
  'host-appeared': {
    ...HOST,
    words: ['host appeared', 'hosts appeared'],
    change: 'never seen → up',
    expectable: true,
    risk: { risk: 'medium', hint: 'a machine that was not there before' },
    undoneBy: 'host-down',
    waitsFor: 'nothing',
    lesson: 'nothing',
  },
  'host-down': {
    ...HOST,
    words: ['host down', 'hosts down'],
    change: 'up → down',
    expectable: true,
    risk: { risk: 'medium' },
    undoneBy: 'host-recovered',
    waitsFor: 'answer',
    lesson: 'still-there',
  },
  'host-recovered': {
    ...HOST,
    words: ['host recovered', 'hosts recovered'],
    change: 'down → up',
    expectable: true,
    risk: { risk: 'info' },
    undoneBy: 'host-down',
    waitsFor: 'nothing',
    lesson: 'nothing',
  },
  'target-added': {
    ...TARGET,
    words: ['address added', 'addresses added'],
    change: 'not an address of that name → one of its addresses',
    risk: { risk: 'low', hint: 'a host name now leads to another address' },
    undoneBy: 'target-removed',
  },
  'target-removed': {
    ...TARGET,
    words: ['address removed', 'addresses removed'],
    change: 'an address of that name → not one any more',
    risk: { risk: 'low', hint: 'a host name now leads to another address' },
    undoneBy: 'target-added',
  },
  'service-added': {
    ...SERVICE,
    words: ['service added', 'services added'],
    risk: 'opened',
    undoneBy: 'service-removed',
    effect: 'added',
    waitsFor: 'nothing',
    lesson: 'nothing',
  },
  'service-removed': {
    ...SERVICE,
    words: ['service removed', 'services removed'],
    risk: 'closed',
    undoneBy: 'service-added',
    effect: 'removed',
    waitsFor: 'answer',
    lesson: 'still-there',
  },
  'service-changed': {
    ...SERVICE,
    words: ['service changed', 'services changed'],
    risk: 'identity',
    effect: 'changed',
    waitsFor: 'read',
    lesson: 'same-identity',
  },
  'certificate-changed': {
    ...SERVICE,
    words: ['certificate changed', 'certificates changed'],
    risk: 'certificate',
    effect: 'changed',
    waitsFor: 'read',
    lesson: 'same-identity',
  },
  'certificate-expiring': {
    ...SERVICE,
    family: 'certificate',
    words: ['certificate expiring', 'certificates expiring'],
    change: 'valid → about to expire',
    risk: { risk: 'medium', hint: 'clients refuse the service once its certificate has expired' },
    expectable: false,
    recheckable: false,
    effect: 'none',
    waitsFor: 'nothing',
    lesson: 'nothing',
  },
  'host-key-changed': {
    ...SERVICE,
    words: ['host key changed', 'host keys changed'],
    risk: { risk: 'high', hint: 'the SSH host key changed: reinstalled, or someone intercepts the connections' },
    effect: 'changed',
    waitsFor: 'read',
    lesson: 'same-identity',
  },
  'mac-changed': {
    ...HOST,
    words: ['MAC address changed', 'MAC addresses changed'],
    change: 'one network card → another',
    risk: { risk: 'medium', hint: 'another machine has this address, or it got another network card' },
    recheckable: false,
    waitsFor: 'nothing',
    lesson: 'nothing',
  },
  'os-changed': {
    ...HOST,
    family: 'os',
    trait: 'os',
    words: ['operating system changed', 'operating systems changed'],
    change: 'one operating system → another',
    risk: { risk: 'medium', hint: 'another machine has this address, or it was reinstalled' },
    recheckable: false,
    waitsFor: 'nothing',
    lesson: 'nothing',
  },
  'scripts-changed': {
    ...HOST,
    family: 'scripts',
    trait: 'scripts',
    words: ['script result changed', 'script results changed'],
    change: 'one result of a script → another',
    risk: { risk: 'low', hint: 'a script of nmap says something else of it than before' },
    recheckable: false,
    waitsFor: 'nothing',
    lesson: 'nothing',
  },
  outage: {
    family: 'outage',
    subject: 'subnet',
    words: ['outage', 'outages'],
    change: 'answering → silent',
    risk: { risk: 'high', hint: 'many hosts fell silent at once: probably the path to them, not the hosts' },
    expectable: false,
    recheckable: false,
    effect: 'none',
    waitsFor: 'nothing',
    lesson: 'no-outage',
  },
  'all-ports-open': {
    ...HOST,
    family: 'flood',
    words: ['host with all ports open', 'hosts with all ports open'],
    change: 'few ports open → all ports open',
    risk: {
      risk: 'medium',
      hint: 'every port answers: a tarpit, a SYN proxy or a firewall that accepts for others',
    },
    waitsFor: 'nothing',
    lesson: 'genuine',
  },
  'host-dark': {
    ...HOST,
    family: 'dark',
    words: ['host went dark', 'hosts went dark'],
    change: 'services answering → only pings answered',
    expectable: true,
    risk: { risk: 'medium', hint: 'it answers, but none of its services does: the host, or a firewall before it' },
    waitsFor: 'port',
    lesson: 'nothing',
  },
  firewall: {
    ...HOST,
    family: 'dark',
    subject: 'subnet',
    words: ['firewall', 'firewalls'],
    change: 'services answering → only pings answered',
    risk: { risk: 'high', hint: 'many hosts answer, but none of their services does: a firewall drops everything' },
    recheckable: false,
    waitsFor: 'nothing',
    lesson: 'nothing',
  },
} as const satisfies Readonly<Record<string, KindRow>>;

export type DeltaKind = keyof typeof TABLE;

/** Kinds whose row matches: `KindWith<{ subject: 'service' }>`. */
export type KindWith<Part> = { [K in DeltaKind]: (typeof TABLE)[K] extends Part ? K : never }[DeltaKind];

export const KINDS: { readonly [K in DeltaKind]: Omit<KindRow, 'undoneBy'> & { undoneBy?: DeltaKind } } = TABLE;

export type Lesson = KindRow['lesson'];

export const DELTA_KINDS = Object.keys(TABLE) as readonly DeltaKind[];

export function asDeltaKind(text: string): DeltaKind | undefined {
  return DELTA_KINDS.find((kind) => kind === text);
}

/** The kinds of the same family, this one included. */
export function familyOf(kind: DeltaKind): readonly DeltaKind[] {
  return DELTA_KINDS.filter((other) => KINDS[other].family === KINDS[kind].family);
}

/** How many there are of each kind, in the table's order; kinds without any are left out. */
export function countByKind(deltas: readonly { kind: DeltaKind }[]): { kind: DeltaKind; count: number }[] {
  const counts = new Map<DeltaKind, number>();
  for (const { kind } of deltas) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return DELTA_KINDS.flatMap((kind) => {
    const count = counts.get(kind);
    return count === undefined ? [] : [{ kind, count }];
  });
}
