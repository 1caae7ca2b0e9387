import type { Transaction } from 'sequelize';
import { type ReportCounts, WEEK_MS } from '../../src/core/report/report.ts';
import type { ReportStore } from '../../src/ports/store.ts';
import type { Database } from './database.ts';

/** A longer list would not tell more. */
const MAX_LISTED = 15;
/** The median of this many of the newest ones is as good as that of all. */
const MAX_WAITS = 5_000;

/**
 * The start of its week, counted from the start of the period; `%` is a remainder in every dialect, `/` differs between
 * them.
 */
const week = (column: string) => `(${column} - :from - MOD(${column} - :from, ${WEEK_MS}))`;

/**
 * Counted as in lists: a new host is one item together with the ports that it appeared with, unless they were answered
 * separately.
 */
const CAME_WITH_HOST = `kind = 'service-added' AND EXISTS (SELECT 1 FROM deltas host
  WHERE host.scan_id = deltas.scan_id AND host.group_id = deltas.group_id AND host.address = deltas.address
  AND host.kind = 'host-appeared' AND host.state = 'confirmed' AND host.answer = deltas.answer)`;
const REPORTED = `group_id IN (:groups) AND state = 'confirmed' AND at >= :from AND NOT (${CAME_WITH_HOST})`;

const CHANGES = `SELECT kind, ${week('at')} AS week, COUNT(*) AS count FROM deltas
  WHERE ${REPORTED} GROUP BY kind, ${week('at')}`;
/** A delta that ended by itself, or is a turn of another, waits for nobody. */
const ANSWER = `CASE WHEN answer = 'open' AND (resolved_at IS NOT NULL OR part_of IS NOT NULL) THEN 'over' ELSE answer END`;
const ANSWERS = `SELECT group_id, ${ANSWER} AS answer, grade, COUNT(*) AS count FROM deltas
  WHERE ${REPORTED} GROUP BY group_id, ${ANSWER}, grade`;
const WAITS = `SELECT answered_at - at AS wait FROM deltas
  WHERE ${REPORTED} AND answer = 'acknowledged' AND answered_at >= at ORDER BY id DESC LIMIT ${MAX_WAITS}`;
const CODES = 'SELECT group_id, code, COUNT(*) AS count FROM hosts WHERE group_id IN (:groups) GROUP BY group_id, code';
const NOISIEST = `SELECT group_id, address, COUNT(*) AS count FROM deltas
  WHERE ${REPORTED} GROUP BY group_id, address ORDER BY COUNT(*) DESC, address LIMIT ${MAX_LISTED}`;
const UNSTABLE = `SELECT group_id, address, protocol, port, COUNT(*) AS count FROM deltas
  WHERE group_id IN (:groups) AND at >= :from AND state = 'suppressed' AND held_back LIKE 'unstable%'
  GROUP BY group_id, address, protocol, port ORDER BY COUNT(*) DESC, address LIMIT ${MAX_LISTED}`;
/** A host that answers counts as seen even if its ports do not: what is unknown about it begins with its code. */
const UNSEEN_SINCE = `COALESCE(last_seen, (SELECT MAX(at) FROM host_codes
  WHERE host_codes.group_id = hosts.group_id AND host_codes.address = hosts.address), first_seen)`;
const UNSEEN = `FROM hosts WHERE group_id IN (:groups) AND code = 'undetermined'`;
const UNSEEN_GROUPS = `SELECT group_id, MIN(${UNSEEN_SINCE}) AS since ${UNSEEN} GROUP BY group_id`;
const LONGEST_UNSEEN = `SELECT group_id, address, last_seen, ${UNSEEN_SINCE} AS since ${UNSEEN}
  ORDER BY since, sort_key LIMIT ${MAX_LISTED}`;
const SCANS = `SELECT group_id, status, COUNT(*) AS count FROM scans
  WHERE group_id IN (:groups) AND kind = 'scan' AND queued_at >= :from GROUP BY group_id, status`;
const LAST_SCANS = `SELECT group_id, MAX(finished_at) AS last FROM scans
  WHERE group_id IN (:groups) AND kind = 'scan' AND status = 'done' GROUP BY group_id`;
const UPS = `SELECT CASE WHEN since < :from THEN -1 ELSE ${week('since')} END AS week, COUNT(*) AS count
  FROM services WHERE group_id IN (:groups) GROUP BY 1`;

type Counted = { group_id: number; count: number | string };
type Since = { group_id: number; since: number | string };

export function createReportStore(database: Database): ReportStore {
  return { counts: (groupIds, from) => database.snapshot((tx) => counts(database, groupIds, from, tx)) };
}

async function counts(
  database: Database,
  groupIds: readonly number[],
  from: number,
  tx: Transaction,
): Promise<ReportCounts> {
  const groups = groupIds.length === 0 ? [0] : groupIds;
  const select = <R extends object>(sql: string) => database.select<R>(sql, { groups, from }, tx);
  const changes = await select<{ kind: string; week: number | string; count: number | string }>(
    modulo(database, CHANGES),
  );
  const answers = await select<Counted & { answer: string; grade: string }>(ANSWERS);
  const waits = await select<{ wait: number | string }>(WAITS);
  const codes = await select<Counted & { code: string }>(CODES);
  const noisiest = await select<Counted & { address: string }>(NOISIEST);
  const unstable = await select<Counted & Subject>(UNSTABLE);
  const unseenSince = await select<Since>(UNSEEN_GROUPS);
  const unseen = await select<Since & { address: string; last_seen: number | string | null }>(LONGEST_UNSEEN);
  return {
    changes: changes.map((row) => ({ kind: row.kind, week: weekNumber(row.week), count: Number(row.count) })),
    answers: answers.map((row) => ({ ...counted(row), answer: row.answer, grade: row.grade })),
    waits: waits.map((row) => Number(row.wait)),
    codes: codes.map((row) => ({ ...counted(row), code: row.code })),
    services: await services(database, select),
    noisiest: noisiest.map((row) => ({ ...counted(row), address: row.address })),
    unstable: unstable.map((row) => ({ ...counted(row), subject: subjectOf(row) })),
    scans: await scans(select),
    unseenSince: unseenSince.map((row) => ({ groupId: row.group_id, since: Number(row.since) })),
    unseen: unseen.map((row) => ({
      ...{ groupId: row.group_id, address: row.address, since: Number(row.since) },
      what: row.last_seen === null ? 'ports' : 'host',
    })),
    // The values of these columns are our own.
  } as ReportCounts;
}

type Select = <R extends object>(sql: string) => Promise<R[]>;

async function services(database: Database, select: Select): Promise<ReportCounts['services']> {
  type Row = { week: number | string; count: number | string };
  const ups = await select<Row>(modulo(database, UPS));
  // A service that is gone has an end; one that is present has none.
  const ended = UPS.replaceAll('since', database.dialect === 'postgres' ? '"until"' : '`until`');
  const downs = await select<Row>(modulo(database, ended.replace('GROUP BY', 'AND present = 0 GROUP BY')));
  const number = (row: Row) => (Number(row.week) < 0 ? -1 : weekNumber(row.week));
  return [
    ...ups.map((row) => ({ week: number(row), up: Number(row.count), down: 0 })),
    ...downs.map((row) => ({ week: number(row), up: 0, down: Number(row.count) })),
  ];
}

async function scans(select: Select): Promise<ReportCounts['scans']> {
  const rows = await select<Counted & { status: string }>(SCANS);
  const lasts = await select<{ group_id: number; last: number | string | null }>(LAST_SCANS);
  return [...new Set([...rows, ...lasts].map((row) => row.group_id))].map((groupId) => {
    const ended = (status: string) => rows.find((row) => row.group_id === groupId && row.status === status)?.count ?? 0;
    const last = lasts.find((row) => row.group_id === groupId)?.last ?? null;
    return {
      ...{ groupId, done: Number(ended('done')), failed: Number(ended('failed')) },
      ...(last === null ? {} : { lastDone: Number(last) }),
    };
  });
}

/** SQLite may be built without MOD; it has `%`, like the others. */
function modulo({ dialect }: Database, sql: string): string {
  return dialect === 'sqlite' ? sql.replace(/MOD\((.*?), (\d+)\)/g, '(($1) % $2)') : sql;
}

function counted(row: Counted): { groupId: number; count: number } {
  return { groupId: row.group_id, count: Number(row.count) };
}

function weekNumber(start: number | string): number {
  return Math.round(Number(start) / WEEK_MS);
}

type Subject = { address: string; protocol: string | null; port: number | null };

function subjectOf({ address, protocol, port }: Subject): string {
  return port === null ? address : `${address} ${port}/${protocol ?? 'tcp'}`;
}
