import type { Delta } from '../core/model/alert.ts';
import type { DeltaSide, DeltaSubject } from '../core/model/delta.ts';
import { countByKind, type DeltaKind, KINDS } from '../core/model/delta-kinds.ts';
import { commonLife, lifeOf } from '../core/model/life.ts';
import type { Protocol, ServiceIdentity } from '../core/model/observation.ts';
import { GRADE_NAMES, GRADES, type Grade, RISKS, type Risk } from '../core/model/scales.ts';
import { cleanText } from '../core/text.ts';
import type { Inline, Text, Tone } from './card.ts';

export { counted } from '../core/text.ts';

/** How certain, as a word, because a coloured dot would contradict the colour of the risk. */
export function gradeWords(grade: Grade): string {
  return GRADE_NAMES[grade];
}

/** `2 services added`, `1 outage`. */
export function countedKind(kind: DeltaKind, count: number): string {
  return `${count} ${KINDS[kind].words[count === 1 ? 0 : 1]}`;
}

/** `2 services added, 1 host down`; empty for no deltas. */
export function kindCounts(deltas: readonly DeltaSubject[]): string {
  return countByKind(deltas)
    .map(({ kind, count }) => countedKind(kind, count))
    .join(', ');
}

export function kindWords(kind: DeltaKind, count = 1): string {
  return KINDS[kind].words[count === 1 ? 0 : 1];
}

export function worstGrade(deltas: readonly { grade: Grade }[]): Grade {
  return GRADES[Math.max(0, ...deltas.map((delta) => GRADES.indexOf(delta.grade)))] ?? 'green';
}

export function worstRisk(deltas: readonly { risk: Risk }[]): Risk {
  return RISKS[Math.max(0, ...deltas.map((delta) => RISKS.indexOf(delta.risk)))] ?? 'info';
}

/** The tone of a message is the worst unanswered risk; if there is none, how it ended. */
export function toneOf(deltas: readonly Delta[]): Tone {
  if (deltas.length === 0) return 'neutral';
  const open = deltas.filter((delta) => lifeOf(delta) === 'open');
  if (open.length > 0) return worstRisk(open);
  const life = commonLife(deltas);
  return life === 'open' ? 'neutral' : life;
}

export function portWords(subject: { protocol?: Protocol | undefined; port?: number | undefined }): string {
  return subject.port === undefined ? '' : `${subject.port}/${subject.protocol ?? 'tcp'}`;
}

/** `10.0.0.5 22/tcp`. */
export function subjectWords(subject: DeltaSubject): string {
  return subject.port === undefined ? subject.address : `${subject.address} ${portWords(subject)}`;
}

/** nmap itself keeps 80 characters of a product, 80 of a version and 128 of the rest. */
const MAX_IDENTITY = 400;
const bounded = (words: string) => (words.length <= MAX_IDENTITY ? words : cleanText(words, MAX_IDENTITY));

/** `ssh, OpenSSH 8.9p1 (protocol 2.0)`; a name that was only guessed from the port number has a question mark. */
export function identityWords(identity: ServiceIdentity | undefined): string {
  if (identity === undefined) return '';
  if (identity.method === 'table') return bounded(`${identity.name}?`);
  const product = [identity.product, identity.version].filter((part) => part !== undefined).join(' ');
  const extra = identity.extrainfo === undefined ? '' : ` (${identity.extrainfo})`;
  const tunnel = identity.tunnel === undefined ? '' : ` over ${identity.tunnel}`;
  return bounded(`${identity.name}${tunnel}${product === '' ? '' : `, ${product}`}${extra}`);
}

/** `OpenSSH 8.9p1`, where a column has no room for more. */
export function shortIdentity(identity: ServiceIdentity | undefined): string {
  if (identity?.method === 'table' || identity?.product === undefined) return identityWords(identity);
  const version = identity.version === undefined ? '' : ` ${identity.version}`;
  return bounded(`${identity.product}${version}${identity.tunnel === undefined ? '' : ` over ${identity.tunnel}`}`);
}

/** Before → after, e.g. `closed → open (ssh, OpenSSH 8.9)`. */
export function changeWords(delta: DeltaSubject & { before?: DeltaSide; after?: DeltaSide }): string {
  const { change } = KINDS[delta.kind];
  return change === 'sides' ? `${sideWords(delta.before)} → ${sideWords(delta.after)}` : change;
}

function sideWords(side: DeltaSide | undefined): string {
  if (side === undefined || !side.present) return 'not open';
  const identity = identityWords(side.identity);
  return identity === '' ? 'open' : `open: ${identity}${keyWords(side.identity)}`;
}

/** The subject and expiry of its certificate, or its host keys. */
function keyWords({ certificate, hostKeys = [] }: Partial<ServiceIdentity> = {}): string {
  const until =
    certificate?.expiresAt === undefined ? '' : ` until ${new Date(certificate.expiresAt).toISOString().slice(0, 10)}`;
  if (certificate !== undefined)
    return ` [${cleanText(certificate.subject ?? certificate.fingerprint.slice(0, 24), 80)}${until}]`;
  const keys = hostKeys.map(({ type = 'key', fingerprint }) => `${type} ${fingerprint.slice(0, 24)}`);
  return keys.length === 0 ? '' : ` [${cleanText(keys.join(', '), 160)}]`;
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
