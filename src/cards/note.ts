import { defined } from '../core/defined.ts';
import type { Card, Control, Text, Tone } from './card.ts';

/** A short answer: what was done, and what follows from it. */
export function noteCard(note: {
  title: string;
  tone?: Tone;
  lines: readonly Text[];
  controls?: readonly Control[];
  footer?: readonly Text[];
}): Card {
  return {
    title: note.title,
    tone: note.tone ?? 'good',
    sections: note.lines.map((text) => ({ type: 'text', text })),
    controls: note.controls ?? [],
    ...defined({ footer: note.footer }),
  };
}

/** The same card with sentences at its end that must not be overlooked. */
export function withNotes(card: Card, notes: readonly Text[]): Card {
  return { ...card, sections: [...card.sections, ...notes.map((text) => ({ type: 'text' as const, text }))] };
}
