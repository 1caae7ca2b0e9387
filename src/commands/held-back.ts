import type { Card } from '../cards/card.ts';
import { noteCard } from '../cards/note.ts';
import { counted, kindCounts } from '../cards/words.ts';
import type { Released } from '../usecases/holds/end-hold.ts';

/** What a mute or a window held back; the message in the group's channels lists what is open now. */
export function heldBackCard(title: string, { held, open }: Released): Card {
  if (held.length === 0) return noteCard({ title, lines: ['It holds nothing back now.'] });
  const still =
    open.length === 0
      ? 'None of it still holds.'
      : `${counted(open.length, 'change still holds and is', 'changes still hold and are')} open now; see the message in the channel of the group.`;
  return noteCard({ title, tone: 'info', lines: [`It held back ${kindCounts(held)}. ${still}`] });
}
