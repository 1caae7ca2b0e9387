import { plainText, type Section, type Text } from '../../../src/cards/card.ts';
import { alignCells, columnWidths } from '../../../src/cards/table-layout.ts';
import { unreachable } from '../../../src/core/errors.ts';
import { breakFences, codeLine, type MarkdownContext, markdown, oneLine, strong } from './markdown.ts';

/** Lines of markdown that belong together. */
export type Block = {
  lines: readonly string[];
  /** Stands in a code block. */
  fenced: boolean;
  /** May lose its last lines when room is short; what is lost is counted. */
  shrinks: boolean;
  /** How many more there are than `lines` has. */
  beyond: number;
};

/** Longest line of a block: two of them always fit into a description. */
const MAX_LINE = 1000;
const MAX_CELL = 200;
/** Characters of a code block on a phone 360 px wide; wider tables would wrap, and become lines. */
const MAX_TABLE_WIDTH = 34;
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
  const value = markdown(field.value, MAX_LINE, context);
  return `${strong(oneLine(field.label, MAX_CELL, context.cuts))}: ${value}`;
}

function progressLine(percent: number, label: string): string {
  const share = Math.min(100, Math.max(0, percent));
  const full = Math.floor((share / 100) * PROGRESS_STEPS);
  return `${'▰'.repeat(full)}${'▱'.repeat(PROGRESS_STEPS - full)} **${Math.round(share)} %** · ${label}`;
}

/** Aligned columns where a phone has room for them; else a line a row, its first cell in bold. */
function tableBlock(columns: readonly string[], rows: readonly (readonly Text[])[], context: MarkdownContext): Block {
  if (!rows.flat().every((cell) => typeof cell === 'string')) return tableLines(columns, rows, context);
  const cells = [columns, ...rows].map((row) => columns.map((_, index) => plainText(row[index] ?? '')));
  const clean = cells.map((row) => row.map((cell) => codeLine(cell, MAX_CELL, context.cuts).trim()));
  const widths = columnWidths(clean);
  const width = widths.reduce((sum, next) => sum + next + 2, 0);
  if (width > MAX_TABLE_WIDTH) return tableLines(columns, rows, context);
  const lines = clean.map((row) => alignCells(row, widths, breakFences).join('  ').trimEnd());
  return block(lines, { shrinks: true, fenced: true });
}

function tableLines(columns: readonly string[], rows: readonly (readonly Text[])[], context: MarkdownContext): Block {
  const head = strong(columns.map((name) => oneLine(name, MAX_CELL, context.cuts)).join(' · '));
  return block([head, ...rows.map((row) => tableLine(row, context))], { shrinks: true });
}

function tableLine([first = '', ...others]: readonly Text[], context: MarkdownContext): string {
  const name = strong(oneLine(plainText(first), MAX_CELL, context.cuts));
  const rest = others
    .filter((cell) => plainText(cell) !== '')
    .map((cell) => markdown(cell, MAX_CELL, { ...context, narrow: true }));
  return `- ${[name, ...rest].join(' · ')}`;
}
