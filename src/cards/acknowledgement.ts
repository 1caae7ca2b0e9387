import type { Acknowledgement, Delta } from '../core/model/alert.ts';
import type { Text } from './card.ts';
import { at, rich } from './words.ts';

type Answer = Exclude<Acknowledgement, { type: 'open' }>;

const ANSWER_WORDS: Record<Answer['type'], string> = {
  acknowledged: 'Acknowledged',
  expected: 'Marked as expected',
  'false-alarm': 'Marked as a false alarm',
};

export function isOpen(delta: Delta): boolean {
  return delta.acknowledgement.type === 'open';
}

/** `Acknowledged by @alice, 2 minutes ago: "patched"`. */
export function answerWords(answer: Answer): Text {
  const note = answer.note === undefined || answer.note === '' ? '' : `: “${answer.note}”`;
  return rich(
    `${ANSWER_WORDS[answer.type]} by `,
    { type: 'user', key: answer.by, name: answer.byName },
    ' ',
    at(answer.at),
    note,
  );
}

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
