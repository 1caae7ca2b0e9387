import type { Delta } from '../core/model/alert.ts';
import {
  type DeltaKind,
  type DeltaSide,
  type DeltaSubject,
  GRADES,
  type Grade,
  RISKS,
  type Risk,
} from '../core/model/delta.ts';
import type { Protocol, ServiceIdentity } from '../core/model/observation.ts';
import type { Inline, Text, Tone } from './card.ts';

/** How sure, in words: never by colour alone. */
const GRADE_WORDS: Record<Grade, string> = { green: '🟢 certain', amber: '🟡 likely', red: '🔴 doubtful' };

const KIND_WORDS: Record<DeltaKind, readonly [one: string, many: string]> = {
  'host-appeared': ['host appeared', 'hosts appeared'],
  'host-down': ['host down', 'hosts down'],
  'host-recovered': ['host recovered', 'hosts recovered'],
  'target-added': ['address added', 'addresses added'],
  'target-removed': ['address removed', 'addresses removed'],
  'service-added': ['service added', 'services added'],
  'service-removed': ['service removed', 'services removed'],
  'service-changed': ['service changed', 'services changed'],
  outage: ['outage', 'outages'],
  'all-ports-open': ['host with all ports open', 'hosts with all ports open'],
};

export function gradeWords(grade: Grade): string {
  return GRADE_WORDS[grade];
}

/** `2 services added`, `1 outage`. */
export function countedKind(kind: DeltaKind, count: number): string {
  return `${count} ${KIND_WORDS[kind][count === 1 ? 0 : 1]}`;
}

export function kindWords(kind: DeltaKind, count = 1): string {
  return KIND_WORDS[kind][count === 1 ? 0 : 1];
}

/** `3 hosts`, `1 host`; thousands are grouped. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

export function worstGrade(deltas: readonly { grade: Grade }[]): Grade {
  return GRADES[Math.max(0, ...deltas.map((delta) => GRADES.indexOf(delta.grade)))] ?? 'green';
}

export function worstRisk(deltas: readonly { risk: Risk }[]): Risk {
  return RISKS[Math.max(0, ...deltas.map((delta) => RISKS.indexOf(delta.risk)))] ?? 'info';
}

/** The tone of a message is the worst risk that nobody has answered for yet. */
export function toneOf(deltas: readonly Delta[]): Tone {
  const open = deltas.filter((delta) => delta.acknowledgement.type === 'open');
  return open.length === 0 ? 'neutral' : worstRisk(open);
}

export function portWords(subject: { protocol?: Protocol | undefined; port?: number | undefined }): string {
  return subject.port === undefined ? '' : `${subject.port}/${subject.protocol ?? 'tcp'}`;
}

/** `10.0.0.5 22/tcp`. */
export function subjectWords(subject: DeltaSubject): string {
  return subject.port === undefined ? subject.address : `${subject.address} ${portWords(subject)}`;
}

/** `ssh, OpenSSH 8.9p1 (protocol 2.0)`; a name that was only guessed from the port number has a question mark. */
export function identityWords(identity: ServiceIdentity | undefined): string {
  if (identity === undefined) return '';
  if (identity.method === 'table') return `${identity.name}?`;
  const product = [identity.product, identity.version].filter((part) => part !== undefined).join(' ');
  const extra = identity.extrainfo === undefined ? '' : ` (${identity.extrainfo})`;
  const tunnel = identity.tunnel === undefined ? '' : ` over ${identity.tunnel}`;
  return `${identity.name}${tunnel}${product === '' ? '' : `, ${product}`}${extra}`;
}

/** What was → what is, e.g. `closed → open (ssh, OpenSSH 8.9)`. */
export function changeWords(delta: DeltaSubject & { before?: DeltaSide; after?: DeltaSide }): string {
  switch (delta.kind) {
    case 'host-appeared':
      return 'never seen → up';
    case 'host-down':
      return 'up → down';
    case 'host-recovered':
      return 'down → up';
    case 'target-added':
      return 'not an address of that name → one of its addresses';
    case 'target-removed':
      return 'an address of that name → not one any more';
    case 'outage':
      return 'answering → silent';
    case 'all-ports-open':
      return 'few ports open → all ports open';
    case 'service-added':
    case 'service-removed':
    case 'service-changed':
      return `${sideWords(delta.before)} → ${sideWords(delta.after)}`;
  }
}

function sideWords(side: DeltaSide | undefined): string {
  if (side === undefined || !side.present) return 'not open';
  const identity = identityWords(side.identity);
  const fingerprint = side.identity?.fingerprint === undefined ? '' : ` [${side.identity.fingerprint.slice(0, 24)}]`;
  return identity === '' ? 'open' : `open: ${identity}${fingerprint}`;
}

export function at(time: number, style: 'datetime' | 'date' | 'time' | 'relative' = 'datetime'): Inline {
  return { type: 'time', at: time, style };
}

export function strong(text: string): Inline {
  return { type: 'strong', text };
}

export function code(text: string): Inline {
  return { type: 'code', text };
}

export function said(text: string): Inline {
  return { type: 'text', text };
}

/** Joins rich text of several parts. */
export function rich(...parts: readonly (string | Inline)[]): Text {
  return parts.map((part) => (typeof part === 'string' ? said(part) : part));
}

/** Rich text as its parts, to be joined with more. */
export function inlines(text: Text): readonly Inline[] {
  return typeof text === 'string' ? [said(text)] : text;
}
