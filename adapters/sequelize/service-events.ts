import { plain } from './rows.ts';
import { identityOf, intervalKey } from './state-rows.ts';
import type { HostEventRow, HostRow, ServiceRow } from './tables/state-tables.ts';

type NewEvent = Omit<HostEventRow, 'id'>;

/**
 * The first scan of a large network would bury everything else under its findings. That a host's first services were
 * open when it was first seen follows from their intervals, and is not recorded separately.
 */
export const isFirst = (service: Pick<ServiceRow, 'since'>, host: Pick<HostRow, 'first_seen'>): boolean =>
  service.since === host.first_seen;

/**
 * The recorded history of services: compares the `changed` rows with those stored `before`, and with past intervals.
 */
export function serviceEvents(
  { groupId, at, why }: { groupId: number; at: number; why?: string | undefined },
  before: ReadonlyMap<string, ServiceRow>,
  changed: readonly ServiceRow[],
  past: readonly ServiceRow[],
  newHosts: ReadonlyMap<string, HostRow>,
): NewEvent[] {
  const because = why === undefined ? '' : ` (${why})`;
  const event = (row: ServiceRow, time: number, text: string): NewEvent => ({
    ...{ group_id: groupId, address: row.address, at: time },
    text: plain(`${row.port}/${row.protocol} ${text}${because}`),
  });
  const ended = past.filter((row) => before.get(intervalKey(row))?.present === 1);
  return [
    ...ended.map((row) => event(row, at, 'gone')),
    ...changed.flatMap((row) => {
      const found = newHosts.get(row.address);
      if (found !== undefined && row.present === 1 && isFirst(row, found)) return [];
      const old = before.get(intervalKey(row));
      if (row.present === 1 && old?.present !== 1) return [event(row, old === undefined ? row.since : at, opened(row))];
      if (row.present === 0 && old?.present === 1) return [event(row, row.until ?? at, 'gone')];
      const was = old === undefined ? '' : identityWords(old);
      const is = identityWords(row);
      return row.present === 0 || was === '' || was === is ? [] : [event(row, at, `was ${was}, is ${is}`)];
    }),
  ];
}

export function opened(row: Pick<ServiceRow, 'identity'>): string {
  const what = identityWords(row);
  return what === '' ? 'open' : `open: ${what}`;
}

/** `OpenSSH 8.9p1`, or just `ssh`. */
function identityWords(row: Pick<ServiceRow, 'identity'>): string {
  const identity = identityOf(row);
  return [identity?.product ?? identity?.name, identity?.version].filter((part) => part !== undefined).join(' ');
}
