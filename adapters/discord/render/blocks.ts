import { type Inline, plainText, type Section, type Text } from '../../../src/cards/card.ts';
import { alignCells, columnWidths, textWidth } from '../../../src/cards/table-layout.ts';
import { inlines } from '../../../src/cards/words.ts';
import { unreachable } from '../../../src/core/errors.ts';
import { breakFences, codeLine, type MarkdownContext, markdown, oneLine, strong } from './markdown.ts';

/** Lines of markdown that belong together. */
export type Block = {
  lines: readonly string[];
  /** Rendered in a code block. */
  fenced: boolean;
  /** May lose its last lines when space is short; lost lines are counted. */
  shrinks: boolean;
  /** How many more items there are than `lines`. */
  beyond: number;
};

/** Longest line of a block: two of them always fit into a description. */
const MAX_LINE = 1000;
const MAX_CELL = 200;
/** Characters per line of a code block on a phone 360 px wide; wider tables would wrap, so they become lines. */
const MAX_TABLE_WIDTH = 22;
/** Characters per line of an embed on such a phone, in normal size and in small print. */
const MAX_ROW_WIDTH = 28;
const MAX_SMALL_ROW_WIDTH = 30;
/** Characters of a time in Discord's format in most languages. */
const TIME_WIDTHS = { datetime: 19, date: 10, time: 8, relative: 13 } as const;
const BETWEEN = ' · ';
const GAP = '  ';
const PROGRESS_STEPS = 10;

export function sectionBlock(section: Section, context: MarkdownContext): Block {
  switch (section.type) {
    case 'text':
      return textBlock(textLines(section.text, context));
    case 'fields':
      return block(section.fields.map((field) => fieldLine(field, context)));
    case 'list': {
      const items = section.items.map((item) => `- ${markdown(item, MAX_LINE, context)}`);
      return block(items, { shrinks: true, beyond: Math.max(0, (section.total ?? 0) - items.length) });
    }
    case 'table':
      return tableBlock(section.columns, section.rows, context);
    case 'code':
      return block(
        section.text.split('\n').map((line) => breakFences(codeLine(line, MAX_LINE, context.cuts))),
        { shrinks: true, fenced: true },
      );
    case 'progress':
      return block([progressLine(section.percent, markdown(section.label, MAX_LINE, context))]);
    case 'divider':
      return block(['─'.repeat(16)]);
    default:
      return unreachable(section);
  }
}

export function block(lines: readonly string[], options: Partial<Omit<Block, 'lines'>> = {}): Block {
  return { lines, fenced: false, shrinks: false, beyond: 0, ...options };
}

/** A short text is never sacrificed for the rows of a table before it. */
function textBlock(lines: readonly string[]): Block {
  return block(lines, { shrinks: lines.reduce((sum, line) => sum + line.length, 0) > MAX_LINE });
}

/** A string may have several lines; rich text is one. */
function textLines(text: Extract<Section, { type: 'text' }>['text'], context: MarkdownContext): string[] {
  if (typeof text !== 'string') return [markdown(text, MAX_LINE * 2, context)];
  return text.split('\n').map((line) => markdown(line, MAX_LINE * 2, context));
}

type Field = Extract<Section, { type: 'fields' }>['fields'][number];

function fieldLine(field: Field, context: MarkdownContext): string {
  const value = markdown(field.value, MAX_LINE, { ...context, narrow: true });
  return `${strong(oneLine(field.label, MAX_CELL, context.cuts))}: ${value}`;
}

function progressLine(percent: number, label: string): string {
  const share = Math.min(100, Math.max(0, percent));
  const full = Math.floor((share / 100) * PROGRESS_STEPS);
  return `${'▰'.repeat(full)}${'▱'.repeat(PROGRESS_STEPS - full)} **${Math.round(share)} %** · ${label}`;
}

/** Aligned columns where they fit on a phone; otherwise a row is one or more lines of text. */
function tableBlock(columns: readonly string[], rows: readonly (readonly Text[])[], context: MarkdownContext): Block {
  if (!rows.flat().every((cell) => typeof cell === 'string')) return tableLines(columns, rows, context);
  const cells = [columns, ...rows].map((row) => columns.map((_, index) => plainText(row[index] ?? '')));
  const clean = cells.map((row) => row.map((cell) => codeLine(cell, MAX_CELL, context.cuts).trim()));
  const widths = columnWidths(clean);
  const width = widths.reduce((sum, next) => sum + next + GAP.length, -GAP.length);
  if (width > MAX_TABLE_WIDTH) return tableLines(columns, rows, context);
  const lines = clean.map((row) => alignCells(row, widths, breakFences).join(GAP).trimEnd());
  return block(lines, { shrinks: true, fenced: true });
}

/**
 * A row begins with its first cell in bold. If it does not fit on a phone, it continues in lines of small print, with
 * the same cells on each line in every row.
 */
function tableLines(columns: readonly string[], rows: readonly (readonly Text[])[], context: MarkdownContext): Block {
  const cells = [columns, ...rows].map((row) => columns.map((_, index) => row[index] ?? ''));
  const lines = linesOfColumns(
    columns.map((_, index) => Math.max(...cells.map((row) => shownWidth(row[index] ?? '')))),
  );
  const inBold = (cell: Text) => strong(oneLine(plainText(cell), MAX_CELL, context.cuts));
  const plain = (cell: Text) => markdown(cell, MAX_CELL, { ...context, narrow: true });
  const shown = cells.map((row, at) => {
    const isBold = (column: number, line: number) => column === 0 || (at === 0 && line === 0);
    return lines.map((line, place) =>
      line.map((column) => (isBold(column, place) ? inBold : plain)(row[column] ?? '')).filter((cell) => cell !== ''),
    );
  });
  return block(shown.map(withSmallPrint), { shrinks: true });
}

/** The columns on each line: each column goes on the first line that has room. */
function linesOfColumns(widths: readonly number[]): number[][] {
  const lines: { columns: number[]; width: number }[] = [];
  for (const [column, width] of widths.entries()) {
    const line = lines.find((one, index) => one.width + BETWEEN.length + width <= roomOf(index));
    if (line === undefined) lines.push({ columns: [column], width });
    else {
      line.columns.push(column);
      line.width += BETWEEN.length + width;
    }
  }
  return lines.map(({ columns }) => columns);
}

function roomOf(line: number): number {
  return line === 0 ? MAX_ROW_WIDTH : MAX_SMALL_ROW_WIDTH;
}

function shownWidth(cell: Text): number {
  const widthOf = (part: Inline) => (part.type === 'time' ? TIME_WIDTHS[part.style] : textWidth(plainText([part])));
  return inlines(cell).reduce((sum, part) => sum + widthOf(part), 0);
}

function withSmallPrint(lines: readonly (readonly string[])[]): string {
  const [first = '', ...others] = lines.map((cells) => cells.join(BETWEEN));
  return [first, ...others.filter((line) => line !== '').map((line) => `-# ${line}`)].join('\n');
}
