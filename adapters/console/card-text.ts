import { type Card, type Inline, plainText } from '../../src/cards/card.ts';
import { layoutCard } from './layout.ts';
import { paint } from './paint.ts';
import { lineText } from './spans.ts';
import { localTime } from './time-words.ts';

/** A whole card as text of any width; times as ISO 8601 in UTC. */
export function cardText(card: Card): string {
  // A relative time next to its absolute one; written as the same absolute time twice it would say nothing.
  const timeWords = (time: Extract<Inline, { type: 'time' }>) =>
    time.style === 'relative' ? localTime(time, Date.now()) : plainText([time]);
  return layoutCard(card, { width: Number.POSITIVE_INFINITY, timeWords }).map(lineText).join('\n');
}

/** The same for a terminal of the given width: in colour, wrapped, times by its clock. */
export function paintedCard(card: Card, options: { columns: number; colour: boolean; now: number }): string {
  const timeWords = (time: Extract<Inline, { type: 'time' }>) => localTime(time, options.now);
  return layoutCard(card, { width: Math.max(20, options.columns - 1), timeWords })
    .map((line) => paint(line, options.colour))
    .join('\n');
}
