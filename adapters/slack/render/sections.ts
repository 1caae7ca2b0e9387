import type { types } from '@slack/bolt';
import { plainText, type Section, type Text } from '../../../src/cards/card.ts';
import { alignCells, columnWidths } from '../../../src/cards/table-layout.ts';
import { inlines } from '../../../src/cards/words.ts';
import { unreachable } from '../../../src/core/errors.ts';
import { MAX_TABLE_ROWS } from './limits.ts';
import { cutTo, oneLine, printable, sizeOf } from './plain.ts';
import { literal, type People, richElements } from './rich-text.ts';

type Part = types.RichTextBlock['elements'][number];

/**
 * A section as rich text (after a table of its own, if it has one), and whether something of it is missing. A divider
 * has no elements.
 */
export type Laid = { elements: Part[]; table?: types.TableBlock; cut: boolean };

/** Longer cells would not be read. */
const MAX_CELL = 150;
const BAR_CELLS = 10;
const MIN_LINE = 200;
const NEW_LINE: types.RichTextElement = { type: 'text', text: '\n' };

/** Lays out one section in at most about `budget` bytes of JSON. */
export function laySection(section: Section, budget: number, people: People, tables = false): Laid {
  switch (section.type) {
    case 'text':
      return paragraphs([richElements(section.text, people)], budget);
    case 'fields':
      return paragraphs(
        section.fields.map(({ label, value }) => fieldLine(label, value, people)),
        budget,
      );
    case 'list':
      return list(section.items, section.total ?? section.items.length, budget, people);
    case 'table':
      return tables
        ? table(section.columns, section.rows, budget, people)
        : list(rowLines(section.rows), section.rows.length, budget, people);
    case 'code':
      return preformatted(printable(section.text).split('\n'), budget);
    case 'progress':
      return paragraphs([progressLine(section.percent, section.label)], budget);
    case 'divider':
      return { elements: [], cut: false };
    default:
      return unreachable(section);
  }
}

function fieldLine(label: string, value: Text, people: People): types.RichTextElement[] {
  const name = literal(`${oneLine(label)}: `, { bold: true });
  return [...(name === undefined ? [] : [name]), ...richElements(value, people)];
}

/** Not as code, which Slack shows in red: nothing is wrong. */
function progressLine(percent: number, label: string): types.RichTextElement[] {
  const done = Math.floor((Math.min(100, Math.max(0, percent)) / 100) * BAR_CELLS);
  const bar = '▰'.repeat(done) + '▱'.repeat(BAR_CELLS - done);
  return richElements(
    [
      { type: 'text', text: `${bar} ` },
      { type: 'strong', text: `${Math.floor(percent)} %` },
      { type: 'text', text: ` · ${label}` },
    ],
    { nameOf: () => undefined, mention: () => false },
  );
}

/** Lines of one block, each by itself; long ones are shortened, and lines that do not fit are counted. */
function paragraphs(lines: readonly types.RichTextElement[][], budget: number): Laid {
  const share = Math.max(MIN_LINE, Math.floor((budget - 150) / Math.max(1, lines.length)));
  const elements: types.RichTextElement[] = [];
  let left = budget - 150;
  let cut = false;
  let shown = 0;
  for (const line of lines) {
    const fitting = shorten(line, share);
    const size = sizeOf(fitting) + sizeOf(NEW_LINE);
    if (size > left && shown > 0) break;
    cut ||= fitting !== line;
    elements.push(...(shown === 0 ? fitting : [NEW_LINE, ...fitting]));
    left -= size;
    shown += 1;
  }
  if (elements.length === 0) return { elements: [], cut: false };
  const missing = lines.length - shown;
  const section: Part = { type: 'rich_text_section', elements };
  return { elements: missing > 0 ? [section, note(more(missing))] : [section], cut: cut || missing > 0 };
}

/** Returns the same array when it fits. */
function shorten(line: types.RichTextElement[], budget: number): types.RichTextElement[] {
  let left = budget - sizeOf(line);
  if (left >= 0) return line;
  return line.map((element) => {
    if (element.type !== 'text' || left >= 0) return element;
    const bytes = Buffer.byteLength(element.text);
    const room = Math.max(16, bytes + left);
    const text = cutTo(element.text, Math.max(1, Math.floor((element.text.length * room) / Math.max(1, bytes))));
    left += bytes - Buffer.byteLength(text);
    return { ...element, text };
  });
}

/** `total`: how many there are when `items` is one page of them. */
function list(items: readonly Text[], total: number, budget: number, people: People): Laid {
  const shown: types.RichTextSection[] = [];
  let left = budget - 200;
  let cut = false;
  for (const item of items) {
    const line = richElements(item, people);
    const fitting = shorten(line, 1_500);
    const one: types.RichTextSection = { type: 'rich_text_section', elements: fitting };
    const size = sizeOf(one) + 1;
    if (size > left && shown.length > 0) break;
    cut ||= fitting !== line;
    shown.push(one);
    left -= size;
  }
  const missing = Math.max(total, items.length) - shown.length;
  const elements: Part[] = shown.length === 0 ? [] : [{ type: 'rich_text_list', style: 'bullet', elements: shown }];
  if (missing > 0) elements.push(note(more(missing)));
  return { elements, cut: cut || shown.length < items.length };
}

export function more(count: number): string {
  return `… and ${count.toLocaleString('en-US')} more`;
}

export function note(text: string): types.RichTextSection {
  return { type: 'rich_text_section', elements: [{ type: 'text', text, style: { italic: true } }] };
}

type Row = readonly Text[];

/** Slack's own table scrolls sideways if it does not fit: nothing in it wraps. Rows that do not fit are counted. */
function table(columns: readonly string[], rows: readonly Row[], budget: number, people: People): Laid {
  const shown: types.TableBlock['rows'] = [columns.map((name) => raw(name))];
  let left = budget - 300 - sizeOf(shown);
  for (const row of rows.slice(0, MAX_TABLE_ROWS - 1)) {
    const cells = columns.map((_, index) => cell(row[index] ?? '', people));
    const size = sizeOf(cells) + 1;
    if (size > left && shown.length > 1) break;
    shown.push(cells);
    left -= size;
  }
  const missing = rows.length - (shown.length - 1);
  return {
    table: { type: 'table', rows: shown },
    elements: missing > 0 ? [note(more(missing))] : [],
    cut: missing > 0,
  };
}

type Cell = types.TableBlock['rows'][number][number];

function cell(text: Text, people: People): Cell {
  if (typeof text === 'string') return raw(text);
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: richElements(text, people) }] };
}

/** Slack refuses an empty cell. */
function raw(text: string): Cell {
  return { type: 'raw_text', text: cutTo(oneLine(text), MAX_CELL) || '–' };
}

/** Where tables are not possible: a line per row, its first cell in bold. */
function rowLines(rows: readonly Row[]): Text[] {
  return rows.map(([first = '', ...others]): Text => {
    const rest = others.filter((text) => plainText(text) !== '');
    return [
      { type: 'strong', text: plainText(first) },
      ...rest.flatMap((text) => [{ type: 'text' as const, text: ' · ' }, ...inlines(text)]),
    ];
  });
}

/** For a file: columns padded to one width each; the head is the first line. */
export function tableLines(columns: readonly string[], rows: readonly Row[]): string[] {
  const cells = [columns, ...rows].map((row) => row.map((text) => oneLine(plainText(text))));
  const widths = columnWidths(cells);
  return cells.map((row) => alignCells(row, widths).join('  ').trimEnd());
}

function preformatted(lines: readonly string[], budget: number): Laid {
  const shown: string[] = [];
  let left = budget - 250;
  let cut = false;
  for (const line of lines) {
    const fitting = cutTo(line, 1_500);
    const size = sizeOf(fitting);
    if (size > left && shown.length > 0) break;
    cut ||= fitting !== line;
    shown.push(fitting);
    left -= size;
  }
  const missing = lines.length - shown.length;
  const text = shown.join('\n') || ' ';
  return {
    elements: [
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text }] },
      ...(missing > 0 ? [note(more(missing))] : []),
    ],
    cut: cut || missing > 0,
  };
}
