import type { Card } from '../../src/cards/card.ts';
import { type ButtonNumbers, buttonsOf } from './buttons.ts';
import { freshSections } from './fresh-sections.ts';
import { type Layout, layoutCard, layoutSection, layoutTitle } from './layout.ts';
import { paint, toneStyle } from './paint.ts';
import { type Line, lineWidth, type Span, span, wrap } from './spans.ts';
import { localTime } from './time-words.ts';

export type CardPrinterOptions = {
  numbers: ButtonNumbers;
  columns(): number;
  colour: boolean;
  now(): number;
  /** Time zone of the times shown; the machine's own when absent. */
  zone?: string | undefined;
};

/** Cards as coloured lines for a terminal, no wider than its window. */
export type CardPrinter = {
  whole(card: Card, indent: number): string[];
  /** Only what is new in an edited message, so that acknowledging ten deltas does not print everything ten times. */
  changes(before: Card, card: Card, indent: number): string[];
  dim(text: string): string;
};

const NARROWEST = 20;
const WIDEST = 110;
const BAR = 2;

export function createCardPrinter(options: CardPrinterOptions): CardPrinter {
  const { numbers, colour } = options;

  const layout = (indent: number): Layout => ({
    width: Math.max(NARROWEST, Math.min(WIDEST, options.columns() - 1)) - indent - BAR,
    timeWords: (time) => localTime(time, options.now(), options.zone),
  });

  /** A bar in the colour of the risk, to the left of everything that belongs together. */
  function block(card: Card, lines: readonly Line[], indent: number): string[] {
    const bar = span('▌ ', toneStyle(card.tone));
    return lines.map((line) => paint([span(' '.repeat(indent)), bar, ...line], colour));
  }

  return {
    whole(card, indent) {
      const room = layout(indent);
      return block(card, [...layoutCard(card, room), ...buttonLines(card, numbers, room.width)], indent);
    },
    changes(before, card, indent) {
      const room = layout(indent);
      const sameButtons = JSON.stringify(before.controls) === JSON.stringify(card.controls);
      const [title = [], ...rest] = layoutTitle(card, room);
      const lines = [
        ...wrap([...title, span('  (edited)', 'dim')], room.width, 2),
        ...rest,
        ...freshSections(before, card).flatMap((section) => layoutSection(section, room)),
        ...(sameButtons ? [] : buttonLines(card, numbers, room.width)),
      ];
      return block(card, lines, indent);
    },
    dim: (text) => paint([span(text, 'dim')], colour),
  };
}

const BUTTON_STYLES = { primary: 'good', danger: 'high', default: 'info' } as const;
const BETWEEN = '   ';

/** `[1] Acknowledge   [2] Expected`; a button is never broken in two where it fits a line. */
function buttonLines(card: Card, numbers: ButtonNumbers, width: number): Line[] {
  const lines: Span[][] = [];
  for (const button of buttonsOf(card)) {
    const parts = [span(`[${numbers.numberOf(button)}]`, BUTTON_STYLES[button.style]), span(` ${button.label}`)];
    const line = lines.at(-1);
    if (line !== undefined && lineWidth(line) + BETWEEN.length + lineWidth(parts) <= width) {
      line.push(span(BETWEEN), ...parts);
    } else lines.push(parts);
  }
  return lines.flatMap((line) => wrap(line, width, 4));
}
