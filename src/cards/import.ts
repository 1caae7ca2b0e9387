import type { Group } from '../core/model/group.ts';
import type { Imported } from '../core/model/imported.ts';
import type { Card, Text } from './card.ts';
import { at, counted, rich } from './words.ts';

/** What happened to each run: what was used, what was not and why, all counted. */
export function importCard(group: Group, imported: readonly Imported[]): Card {
  const used = imported.filter(({ scan }) => scan !== undefined).length;
  const left = imported.length - used;
  const rest = left === 0 ? '' : `, ${left} left out`;
  return {
    title: `${group.name}: ${counted(used, 'scan')} imported${rest}`,
    tone: imported.some(({ scan }) => scan?.status === 'failed') ? 'warning' : 'good',
    sections: [{ type: 'list', items: imported.flatMap(lines) }],
    controls: [],
  };
}

function lines(run: Imported): Text[] {
  const { file, at: time, counts, remarks } = run;
  const size = `${counted(counts.up, 'host')} up, ${counted(counts.open, 'open port')}, ${addresses(counts.addresses)}`;
  const head = rich(`${file}, `, at(time), `: ${fate(run)} (${size})`);
  return [head, ...remarks.map((remark) => `${file}: ${remark}`)];
}

function addresses(count: bigint): string {
  return `${counted(Number(count), 'address', 'addresses')} covered`;
}

function fate({ scan, unused }: Imported): string {
  if (unused === 'known') return 'imported before, nothing changed';
  if (unused === 'empty') return 'not used, because it covers no address';
  return `scan #${scan?.id ?? 0} ${scan?.status ?? ''}`;
}

/** For the audit. */
export function importChange(imported: readonly Imported[]): object[] {
  return imported.map(({ file, scan, unused, counts: { up, open } }) => ({
    ...{ file, up, open },
    ...(scan === undefined ? { unused } : { scan: scan.id }),
  }));
}
