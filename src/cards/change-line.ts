import type { Delta } from '../core/model/alert.ts';
import { lifeOf } from '../core/model/life.ts';
import { answersOf, lifeWords, nowWords } from './acknowledgement.ts';
import { addressWords } from './address-words.ts';
import { type Inline, plainText, type Section, type Text } from './card.ts';
import { hostsWords, phraseOf, serviceAndPort } from './change-phrases.ts';
import type { SameChange } from './same-change.ts';
import { at, changeWords, code, gradeWords, inlines, rich, strong, worstGrade, worstRisk } from './words.ts';

/**
 * The worst changes, a line each, at most `most` and one more, so that nobody reads “1 more”. Why it matters is said
 * once, on the first line to which it applies.
 */
export function changeList(changes: readonly SameChange[], most: number, options: { host?: string } = {}): Section {
  const shown = changes.slice(0, changes.length <= most + 1 ? changes.length : most);
  const said = new Set<string>();
  const items = shown.map((change) => {
    const { riskHint = '' } = change.first;
    const hint = said.has(riskHint) ? '' : riskHint;
    said.add(riskHint);
    return changeLine(change, { ...options, hint });
  });
  return { type: 'list', items, total: changes.length };
}

/** The deltas for which such a list has no line. */
export function unlisted(changes: readonly SameChange[], most: number): Delta[] {
  return changes.length <= most + 1 ? [] : changes.slice(most).flatMap(({ deltas }) => deltas);
}

/**
 * The same change of one host or of many as one line: `3389/tcp opened on 40 hosts: 10.2.0.1-40 · high risk, certain ·
 * why it matters`. A change that needs nobody any more shows how it ended instead.
 */
export function changeLine(change: SameChange, options: { host?: string; hint?: string } = {}): Text {
  const { first, deltas } = change;
  const life = lifeOf(first);
  const before = life === 'open' ? [] : [strong(capital(lifeWords(life))), ': '];
  const end = life === 'open' ? openWords(change, options.hint ?? '') : endWords(deltas);
  return rich(...before, ...whatAndWhere(change, options.host), ...versions(first), ...end, ...now(deltas));
}

/** `3389/tcp opened on 40 hosts: 10.2.0.1-40`, in plain text. */
export function changeTitle(change: SameChange): string {
  return plainText(rich(...whatAndWhere(change, undefined)));
}

function whatAndWhere({ first, addresses, deltas }: SameChange, host: string | undefined): (string | Inline)[] {
  const phrase = phraseOf(first.kind);
  const what = serviceAndPort(first);
  const [address = ''] = addresses;
  if (host === address && first.port !== undefined) return [strong(`${what} ${phrase.verb}`)];
  if (first.members !== undefined && first.members.length > 0 && first.port === undefined && address.includes('/')) {
    const behind = deltas.reduce((sum, delta) => sum + (delta.members?.length ?? 0), 0);
    return [strong(phrase.say(what, hostsWords(behind), true)), ': ', code(addressWords(addresses))];
  }
  if (addresses.length === 1) return [strong(phrase.say(what, address, false))];
  return [strong(phrase.say(what, hostsWords(addresses.length), true)), ': ', code(addressWords(addresses))];
}

/** Only if the title doesn't say which version became which. */
function versions(first: Delta): (string | Inline)[] {
  return first.kind === 'service-changed' ? [' ', code(changeWords(first))] : [];
}

function openWords({ deltas }: SameChange, hint: string): (string | Inline)[] {
  return [` · ${worstRisk(deltas)} risk, ${gradeWords(worstGrade(deltas))}${hint === '' ? '' : ` · ${hint}`}`];
}

function endWords(deltas: readonly Delta[]): (string | Inline)[] {
  const answer = answersOf(deltas).at(-1);
  if (answer !== undefined) {
    const note = answer.note === undefined || answer.note === '' ? '' : `: “${answer.note}”`;
    return [' · by ', { type: 'user', key: answer.by, name: answer.byName }, ' ', at(answer.at), note];
  }
  const ended = Math.max(...deltas.map((delta) => delta.resolvedAt ?? 0));
  return ended === 0 ? [] : [' · ', at(ended)];
}

function now(deltas: readonly Delta[]): readonly (string | Inline)[] {
  const [only, second] = deltas;
  const words = only === undefined || second !== undefined ? undefined : nowWords(only);
  return words === undefined ? [] : [' · ', ...inlines(words)];
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
