import { type Layout, layoutCard } from '../../adapters/console/layout.ts';
import { lineText } from '../../adapters/console/spans.ts';
import { type Card, plainText } from '../../src/cards/card.ts';
import type { CommandResult } from '../../src/commands/dispatcher.ts';
import { cardOf } from './lab.ts';

const WIDE: Layout = { width: Number.POSITIVE_INFINITY, timeWords: (time) => plainText([time]) };

/** The complete text of a card. */
export function cardText(card: Card): string {
  return layoutCard(card, WIDE).map(lineText).join('\n');
}

export function textOf(result: CommandResult): string {
  return cardText(cardOf(result));
}
