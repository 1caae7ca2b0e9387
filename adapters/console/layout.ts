import type { Card, Inline, Section, Text } from '../../src/cards/card.ts';
import { textWidth } from '../../src/cards/table-layout.ts';
import { isSink } from '../../src/core/platforms.ts';
import { toneMark, toneStyle } from './paint.ts';
import { type Line, lineWidth, type Span, span, wrap } from './spans.ts';
import { layoutTable } from './table.ts';

export type Layout = {
  /** The available columns. */
  width: number;
  /** How a time is written: local time on a terminal, UTC in JSON. */
  timeWords(time: Extract<Inline, { type: 'time' }>): string;
};

/** A card as lines no wider than the layout: title, mentions, sections, small print. The screen adds the buttons. */
export function layoutCard(card: Card, layout: Layout): Line[] {
  return [
    ...layoutTitle(card, layout),
    ...layoutMention(card, layout),
    ...card.sections.flatMap((section) => layoutSection(section, layout)),
    ...(card.footer ?? []).flatMap((text) => layoutFooter(text, layout)),
  ];
}

export function layoutTitle(card: Card, { width }: Layout): Line[] {
  const badge = card.badge === undefined ? [] : [span('  '), span(card.badge)];
  return wrap([span(`${toneMark(card.tone)} `, toneStyle(card.tone)), span(card.title, 'bold'), ...badge], width, 2);
}

function layoutMention({ mention = [] }: Card, { width }: Layout): Line[] {
  if (mention.length === 0) return [];
  return wrap([span(mention.map((key) => `@${key}`).join(' '), 'bold')], width);
}

function layoutFooter(text: Text, layout: Layout): Line[] {
  return wrap(
    spansOf(text, layout).map((part) => ({ ...part, style: 'dim' })),
    layout.width,
  );
}

export function layoutSection(section: Section, layout: Layout): Line[] {
  const { width } = layout;
  switch (section.type) {
    case 'text':
      return wrap(spansOf(section.text, layout), width);
    case 'fields':
      return layoutFields(section.fields, layout);
    case 'list':
      return layoutList(section.items, section.total, layout);
    case 'table':
      return layoutTable(
        section.columns,
        section.rows.map((row) => row.map((cell) => cellText(cell, layout))),
        width,
      );
    case 'code':
      return section.text.split('\n').flatMap((line) => cut([span(`  ${line}`, 'code')], width));
    case 'progress':
      return layoutProgress(section.percent, section.label, width);
    case 'divider':
      return [[span('─'.repeat(Math.min(width, 40)), 'dim')]];
  }
}

/** Text to be copied verbatim: the terminal itself continues it in the next row. */
const SETTING = /^ *[A-Z][A-Z_]*=\S*$/;

/** Code keeps its blanks: it is cut at the edge, not wrapped at words. */
function cut(line: Line, width: number): Line[] {
  const [whole] = line;
  return whole === undefined || SETTING.test(whole.text) || lineWidth(line) <= width
    ? [line]
    : wrap([{ ...whole, text: whole.text.trimEnd() }], width);
}

const LABEL_COLUMN = 18;
/** Below this width labels go above their values. */
const NARROW = 44;

function layoutFields(fields: readonly { label: string; value: Text }[], layout: Layout): Line[] {
  const labels = Math.min(LABEL_COLUMN, Math.max(0, ...fields.map((field) => textWidth(field.label)))) + 2;
  return fields.flatMap(({ label, value }) => {
    const words = spansOf(value, layout);
    if (layout.width < NARROW) return wrap([span(`${label}: `, 'dim'), ...words], layout.width, 2);
    const gap = ' '.repeat(Math.max(1, labels - textWidth(label)));
    return wrap([span(label, 'dim'), span(gap), ...words], layout.width, labels);
  });
}

function layoutList(items: readonly Text[], total: number | undefined, layout: Layout): Line[] {
  const more =
    total === undefined || total <= items.length ? [] : [[span(`  and ${total - items.length} more`, 'dim')]];
  return [...items.flatMap((item) => wrap([span('• ', 'dim'), ...spansOf(item, layout)], layout.width, 2)), ...more];
}

const BAR = 24;

function layoutProgress(percent: number, label: string, width: number): Line[] {
  const bar = Math.max(4, Math.min(BAR, width - 8));
  const done = Math.round((Math.max(0, Math.min(100, percent)) / 100) * bar);
  const words: Span[] = [
    span('█'.repeat(done), 'info'),
    span('░'.repeat(bar - done), 'dim'),
    span(` ${String(Math.round(percent)).padStart(3)} %  `, 'bold'),
    span(label),
  ];
  return wrap(words, width);
}

export function spansOf(text: Text, layout: Layout): Span[] {
  if (typeof text === 'string') return [span(text)];
  return text.map((part) => spanOf(part, layout));
}

function spanOf(inline: Inline, layout: Layout): Span {
  switch (inline.type) {
    case 'text':
    case 'link':
      return span(inline.text);
    case 'strong':
      return span(inline.text, 'bold');
    case 'code':
      return span(inline.text, 'code');
    case 'time':
      return span(layout.timeWords(inline));
    case 'user':
      return span(`@${inline.name}`, 'bold');
    case 'channel':
      return span(isSink(inline.ref) ? inline.ref : `#${inline.ref}`, 'bold');
  }
}

function cellText(cell: Text, layout: Layout): string {
  return spansOf(cell, layout)
    .map((part) => part.text)
    .join('');
}
