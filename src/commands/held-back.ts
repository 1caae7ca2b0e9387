import type { Card } from '../cards/card.ts';
import { noteCard } from '../cards/note.ts';
import { code, counted, countedKind, rich } from '../cards/words.ts';
import type { Delta } from '../core/model/alert.ts';
import { DELTA_KINDS } from '../core/model/delta.ts';

/** One line for all that a mute or a window held back. */
export function heldBackCard(title: string, held: readonly Delta[]): Card {
  if (held.length === 0) return noteCard({ title, lines: ['It held nothing back.'] });
  const kinds = DELTA_KINDS.map((kind) => ({ kind, count: held.filter((delta) => delta.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => countedKind(kind, count));
  const line = rich(
    `It held back ${counted(held.length, 'change')}: ${kinds.join(', ')}; see `,
    code('delta list state:suppressed'),
  );
  return noteCard({ title, tone: 'info', lines: [line] });
}
