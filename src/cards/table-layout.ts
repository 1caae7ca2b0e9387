import stringWidth from 'string-width';
import { plainText, type Section, type Text } from './card.ts';

/** The values of an empty cell. */
const NOTHING = ['', '–'];

/** A table without its empty columns: a phone has room for few. */
export function tableOf(columns: readonly string[], rows: readonly (readonly Text[])[]): Section {
  const kept = columns.flatMap((_, index) =>
    rows.some((row) => !NOTHING.includes(plainText(row[index] ?? ''))) ? [index] : [],
  );
  const only = <T>(cells: readonly T[]) => cells.filter((_, index) => kept.includes(index));
  return { type: 'table', columns: only(columns), rows: rows.map(only) };
}

/** The value of all rows, if it is the same: shown once, so that a phone has room for the rest. */
export function commonWords(words: readonly string[]): string | undefined {
  return new Set(words).size === 1 ? words[0] : undefined;
}

/** Columns that text takes in a monospaced font: two for CJK and most emoji. */
export function textWidth(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text);
}

/** The width of each column of a table; the head is one of the rows. */
export function columnWidths([head = [], ...rows]: readonly (readonly string[])[]): number[] {
  return head.map((name, column) => Math.max(textWidth(name), ...rows.map((row) => textWidth(row[column] ?? ''))));
}

/**
 * Cells side by side, each as wide as its column. `shown`: a replacement of the same width for a cell, such as its
 * escaped text.
 */
export function alignCells(
  row: readonly string[],
  widths: readonly number[],
  shown: (cell: string) => string = (cell) => cell,
): string[] {
  return row.map((cell, column) => shown(cell) + ' '.repeat(Math.max(0, (widths[column] ?? 0) - textWidth(cell))));
}
