import { alignCells, columnWidths } from '../../src/cards/table-layout.ts';
import { type Line, span, wrap } from './spans.ts';
import { printable } from './width.ts';

const GAP = 2;

/** Columns side by side where they fit; otherwise one row after the other, each cell with its column's name. */
export function layoutTable(columns: readonly string[], rows: readonly (readonly string[])[], width: number): Line[] {
  const cells = rows.map((row) => columns.map((_, index) => printable(row[index] ?? '')));
  const widths = columnWidths([columns, ...cells]);
  const total = widths.reduce((sum, column) => sum + column + GAP, -GAP);
  if (total <= width) return [header(columns, widths), ...cells.map((row) => aligned(row, widths))];
  const last = widths.length - 1;
  const before = widths.slice(0, last).reduce((sum, column) => sum + column + GAP, 0);
  if (width - before >= 24) {
    return [header(columns, widths), ...cells.map((row) => aligned(row, widths))].flatMap((row) =>
      wrap(row, width, before),
    );
  }
  return cells.flatMap((row) => stacked(columns, row, width));
}

function header(columns: readonly string[], widths: readonly number[]): Line {
  return [
    span(
      aligned(columns, widths)
        .map((part) => part.text)
        .join(''),
      'dim',
    ),
  ];
}

function aligned(row: readonly string[], widths: readonly number[]): Line {
  const last = row.length - 1;
  return [
    ...alignCells(row.slice(0, last), widths).map((cell) => span(cell + ' '.repeat(GAP))),
    ...row.slice(last).map((cell) => span(cell)),
  ];
}

function stacked(columns: readonly string[], row: readonly string[], width: number): Line[] {
  const [first = '', ...others] = row;
  const rest = others
    .map((cell, index) => ({ name: columns[index + 1] ?? '', cell }))
    .filter(({ cell }) => cell !== '')
    .flatMap(({ name, cell }) => wrap([span(`  ${name} `, 'dim'), span(cell)], width, 4));
  return [...wrap([span('• ', 'dim'), span(first, 'bold')], width, 2), ...rest];
}
