import type { Expectation, MaintenanceWindow, Mute } from '../../src/core/model/hold.ts';
import type { Protocol } from '../../src/core/model/observation.ts';
import { fromJson, nonNull, plain } from './rows.ts';
import type { ExpectationRow, MuteRow, WindowRow } from './tables/hold-tables.ts';

type New<T> = Omit<T, 'id'>;

const optionalText = (text: string | undefined): string | null => (text === undefined ? null : plain(text));

export function muteRow(mute: New<Mute>): New<MuteRow> {
  return {
    group_id: mute.match.groupId ?? null,
    what: plain(mute.what),
    target: JSON.stringify(mute.match),
    starts_at: mute.from,
    ends_at: mute.until,
    reason: optionalText(mute.reason),
    created_by: mute.createdBy,
    by_name: plain(mute.byName),
    ended_at: mute.endedAt ?? null,
  };
}

export function toMute(row: MuteRow): Mute {
  return {
    id: row.id,
    what: row.what,
    match: fromJson<Mute['match']>(row.target),
    from: row.starts_at,
    until: row.ends_at,
    createdBy: row.created_by,
    byName: row.by_name,
    ...nonNull({ reason: row.reason, endedAt: row.ended_at }),
  };
}

export function windowRow(window: New<MaintenanceWindow>): New<WindowRow> {
  return {
    group_id: window.groupId,
    phrase: plain(window.phrase),
    due: JSON.stringify(window.when),
    zone: window.zone,
    duration_ms: window.durationMs,
    reason: optionalText(window.reason),
    created_by: window.createdBy,
    by_name: plain(window.byName),
    created_at: window.createdAt,
    told_until: window.toldUntil ?? null,
  };
}

export function toWindow(row: WindowRow): MaintenanceWindow {
  return {
    id: row.id,
    groupId: row.group_id,
    phrase: row.phrase,
    when: fromJson<MaintenanceWindow['when']>(row.due),
    zone: row.zone,
    durationMs: row.duration_ms,
    createdBy: row.created_by,
    byName: row.by_name,
    createdAt: row.created_at,
    ...nonNull({ reason: row.reason, toldUntil: row.told_until }),
  };
}

export function expectationRow(expectation: New<Expectation>): New<ExpectationRow> {
  return {
    group_id: expectation.groupId,
    ...formerColumns(expectation.what),
    expected: JSON.stringify(expectation.what),
    lasts: expectation.lasts,
    due_by: expectation.until,
    reason: optionalText(expectation.reason),
    ticket: optionalText(expectation.ticket),
    created_by: expectation.createdBy,
    by_name: plain(expectation.byName),
    created_at: expectation.createdAt,
    status: expectation.status,
    delta_id: expectation.deltaId ?? null,
  };
}

export function toExpectation(row: ExpectationRow): Expectation {
  return {
    id: row.id,
    groupId: row.group_id,
    what: row.expected === null ? formerWhat(row) : fromJson<Expectation['what']>(row.expected),
    lasts: row.lasts === 'until' ? 'until' : 'once',
    until: row.due_by,
    createdBy: row.created_by,
    byName: row.by_name,
    createdAt: row.created_at,
    status: row.status as Expectation['status'],
    ...nonNull({ reason: row.reason, ticket: row.ticket, deltaId: row.delta_id }),
  };
}

/** A form that an earlier version can read, where it could express it: otherwise port 0. */
function formerColumns({ hosts, ports }: Expectation['what']): Pick<ExpectationRow, 'address' | 'protocol' | 'port'> {
  const one = typeof ports === 'object' && ports.first === ports.last && !/[/*-]/.test(hosts) ? ports : undefined;
  return { address: hosts.slice(0, 64), protocol: one?.protocol ?? 'tcp', port: one?.first ?? 0 };
}

/** Written by an older program after a rollback. */
function formerWhat({ address, protocol, port }: ExpectationRow): Expectation['what'] {
  return { hosts: address, ports: { protocol: protocol as Protocol, first: port, last: port } };
}
