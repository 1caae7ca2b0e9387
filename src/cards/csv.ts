import type { Delta } from '../core/model/alert.ts';
import { changeWords } from './words.ts';

/** A whole alert as a table for a spreadsheet. */
export function deltasCsv(deltas: readonly Delta[]): string {
  const head = ['id', 'kind', 'address', 'protocol', 'port', 'change', 'grade', 'risk', 'why', 'evidence', 'time'];
  const rows = deltas.map((delta) => [
    String(delta.id),
    delta.kind,
    delta.address,
    delta.protocol ?? '',
    delta.port === undefined ? '' : String(delta.port),
    changeWords(delta),
    delta.grade,
    delta.risk,
    delta.riskHint ?? '',
    delta.evidence.join('; '),
    new Date(delta.at).toISOString(),
  ]);
  return toCsv([head, ...rows]);
}

/**
 * RFC 4180; a cell that a spreadsheet would run as a formula gets a leading apostrophe. Where `;` separates cells, a
 * formula can also begin after it; full-width characters are treated like the plain ones.
 */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(text: string): string {
  const safe =
    /(?:^|;)\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]|[\t\r\n][^\S\t\r\n]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text)
      ? `'${text.replaceAll(';', ',')}`
      : text;
  return /[",;\r\n\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
