import type { Card } from '../cards/card.ts';
import { noteCard } from '../cards/note.ts';
import { code, counted, kindCounts, rich } from '../cards/words.ts';
import type { Delta } from '../core/model/alert.ts';

/** One line for all that a mute or a window held back. */
export function heldBackCard(title: string, held: readonly Delta[]): Card {
  if (held.length === 0) return noteCard({ title, lines: ['It held nothing back.'] });
  const line = rich(
    `It held back ${counted(held.length, 'change')}: ${kindCounts(held)}; see `,
    code('delta list state:suppressed'),
  );
  return noteCard({ title, tone: 'info', lines: [line] });
}
