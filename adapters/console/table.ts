import { type Line, span, wrap } from './spans.ts';
import { printable, textWidth } from './width.ts';

const GAP = 2;

/** Columns side by side where they fit; else one row after the other, its cells with their names. */
export function layoutTable(columns: readonly string[], rows: readonly (readonly string[])[], width: number): Line[] {
  const cells = rows.map((row) => columns.map((_, index) => printable(row[index] ?? '')));
  const widths = columns.map((name, index) =>
    Math.max(textWidth(name), ...cells.map((row) => textWidth(row[index] ?? ''))),
  );
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
  return row.map((cell, index) => {
    const isLast = index === row.length - 1;
    return span(isLast ? cell : cell + ' '.repeat((widths[index] ?? 0) - textWidth(cell) + GAP));
  });
}

function stacked(columns: readonly string[], row: readonly string[], width: number): Line[] {
  const [first = '', ...others] = row;
  const rest = others
    .map((cell, index) => ({ name: columns[index + 1] ?? '', cell }))
    .filter(({ cell }) => cell !== '')
    .flatMap(({ name, cell }) => wrap([span(`  ${name} `, 'dim'), span(cell)], width, 4));
  return [...wrap([span('• ', 'dim'), span(first, 'bold')], width, 2), ...rest];
}
