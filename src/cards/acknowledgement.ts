import type { Acknowledgement, Delta } from '../core/model/alert.ts';
import type { DeltaKind } from '../core/model/delta-kinds.ts';
import { type Life, lifeOf } from '../core/model/life.ts';
import { describeDuration } from '../core/time/duration.ts';
import type { Text } from './card.ts';
import { at, counted, inlines, rich } from './words.ts';

type Answer = Exclude<Acknowledgement, { type: 'open' }>;

const LIFE_WORDS: Readonly<Record<Life, string>> = {
  open: 'open',
  acknowledged: 'acknowledged',
  expected: 'expected',
  'false-alarm': 'false alarm',
  resolved: 'resolved',
};

export function lifeWords(life: Life): string {
  return LIFE_WORDS[life];
}

/** Nobody has answered it, and it has not ended by itself. */
export function isOpen(delta: Delta): boolean {
  return lifeOf(delta) === 'open';
}

/** `Acknowledged by @alice, 2 minutes ago: “patched”`. Nobody clicked on an expected change. */
export function answerWords(answer: Answer): Text {
  const note = answer.note === undefined || answer.note === '' ? '' : `: “${answer.note}”`;
  const who = { type: 'user' as const, key: answer.by, name: answer.byName };
  if (answer.type === 'expected' && answer.announced !== undefined) {
    return rich('Expected, announced by ', who, ` (expectation #${answer.announced})`, note);
  }
  return rich(`${ANSWER_WORDS[answer.type]} by `, who, ' ', at(answer.at), note);
}

const ANSWER_WORDS: Record<Answer['type'], string> = {
  acknowledged: 'Acknowledged',
  expected: 'Marked as expected',
  'false-alarm': 'Marked as a false alarm',
};

/** The answers given, each once, newest last. */
export function answersOf(deltas: readonly Delta[]): Answer[] {
  const answers = new Map<string, Answer>();
  for (const { acknowledgement } of deltas) {
    if (acknowledgement.type === 'open') continue;
    const { type, by, at: time, note } = acknowledgement;
    answers.set(JSON.stringify([type, by, time, note]), acknowledgement);
  }
  return [...answers.values()].sort((a, b) => a.at - b.at);
}

/** The state in which each kind leaves its subject. */
const STATE_WORDS: Readonly<Partial<Record<DeltaKind, string>>> = {
  'service-added': 'open',
  'service-removed': 'closed',
  'service-changed': 'changed',
  'host-appeared': 'up',
  'host-down': 'down',
  'host-recovered': 'up',
  'target-added': 'in the name',
  'target-removed': 'not in the name',
  outage: 'silent',
};

/** `now: closed since 09:12; 3 changes since Monday`, if it has flipped since it was reported. */
export function nowWords(delta: Delta): Text | undefined {
  if (delta.now === undefined) return undefined;
  const again = delta.repeats > 1 ? ' again' : '';
  const count = delta.repeats + 1;
  return rich(
    `now: ${STATE_WORDS[delta.now.kind] ?? 'over'}${again} since `,
    at(delta.now.at),
    ...(count < 3 ? [] : [`; ${counted(count, 'change')} since `, at(delta.at, 'date')]),
  );
}

/**
 * The current state, one line each: who answered, how it ended, and what is true now of deltas that need no answer any
 * more.
 */
export function standing(deltas: readonly Delta[], most = 5): Text[] {
  const answers = answersOf(deltas);
  const shown = answers.slice(-most).map(answerWords);
  const earlier = answers.length - shown.length;
  return [
    ...(earlier > 0 ? [counted(earlier, 'earlier answer')] : []),
    ...shown,
    ...resolvedWords(deltas),
    ...(deltas.some(isOpen) ? [] : turned(deltas)),
  ];
}

/**
 * The current state of a single delta that has flipped since it was reported; shown above everything else while it is
 * open.
 */
export function turned(deltas: readonly Delta[]): Text[] {
  const [only, second] = deltas;
  const words =
    second !== undefined || only?.resolvedAt !== undefined || only === undefined ? undefined : nowWords(only);
  return words === undefined ? [] : [words];
}

/** One line for everything that ended by itself. */
function resolvedWords(deltas: readonly Delta[]): Text[] {
  const ended = deltas.filter((delta) => delta.resolvedAt !== undefined);
  if (ended.length === 0) return [];
  const last = Math.max(...ended.map((delta) => delta.resolvedAt ?? 0));
  const [only] = ended;
  if (deltas.length > 1 || only === undefined) {
    return [
      rich(ended.length === deltas.length ? 'Resolved ' : `${ended.length} of ${deltas.length} resolved `, at(last)),
    ];
  }
  const words = nowWords(only);
  if (words !== undefined) return [[{ type: 'text', text: 'Resolved, ' }, ...inlines(words)]];
  return [rich('Resolved ', at(last), ...inlines(lasted(only.at, last)))];
}

function lasted(from: number, to: number): Text {
  return rich(`, after ${describeDuration(to - from)}`);
}
