import stringWidth from 'string-width';
import { plainText, type Section, type Text } from './card.ts';

/** What stands where there is nothing to say. */
const NOTHING = ['', '–'];

/** A table without the columns in which no row has anything: a phone has room for few. */
export function tableOf(columns: readonly string[], rows: readonly (readonly Text[])[]): Section {
  const kept = columns.flatMap((_, index) =>
    rows.some((row) => !NOTHING.includes(plainText(row[index] ?? ''))) ? [index] : [],
  );
  const only = <T>(cells: readonly T[]) => cells.filter((_, index) => kept.includes(index));
  return { type: 'table', columns: only(columns), rows: rows.map(only) };
}

/** Columns that visible text takes in a font of one width: two for CJK and most emoji. */
export function textWidth(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text);
}

/** How wide each column of a table is; the head is one of the rows. */
export function columnWidths([head = [], ...rows]: readonly (readonly string[])[]): number[] {
  return head.map((name, column) => Math.max(textWidth(name), ...rows.map((row) => textWidth(row[column] ?? ''))));
}

/** Cells side by side, each as wide as its column. `shown`: what stands for a cell of the same width, such as its escaped text. */
export function alignCells(
  row: readonly string[],
  widths: readonly number[],
  shown: (cell: string) => string = (cell) => cell,
): string[] {
  return row.map((cell, column) => shown(cell) + ' '.repeat(Math.max(0, (widths[column] ?? 0) - textWidth(cell))));
}
