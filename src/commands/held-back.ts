import type { Card } from '../cards/card.ts';
import { noteCard } from '../cards/note.ts';
import { counted, kindCounts } from '../cards/words.ts';
import type { Released } from '../usecases/holds/end-hold.ts';

/** What a mute or a window held back; the message to the group's channels lists what of it is open now. */
export function heldBackCard(title: string, { held, open }: Released): Card {
  if (held.length === 0) return noteCard({ title, lines: ['It held nothing back.'] });
  const still =
    open.length === 0
      ? 'Nothing of it is so any more.'
      : `${counted(open.length, 'change is', 'changes are')} still so and open now; see the message in the channel of the group.`;
  return noteCard({ title, tone: 'info', lines: [`It held back ${kindCounts(held)}. ${still}`] });
}
