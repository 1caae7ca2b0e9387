import type { Transaction } from 'sequelize';
import { type ReportCounts, WEEK_MS } from '../../src/core/report/report.ts';
import type { ReportStore } from '../../src/ports/store.ts';
import type { Database } from './database.ts';

/** A longer list says no more. */
const MAX_LISTED = 15;
/** The median of the newest so many is as good as that of all. */
const MAX_WAITS = 5_000;

/** The start of its week, from the start of the period; `%` is a remainder in every dialect, `/` is not the same in all. */
const week = (column: string) => `(${column} - :from - MOD(${column} - :from, ${WEEK_MS}))`;

const REPORTED = "group_id IN (:groups) AND state = 'confirmed' AND at >= :from";

const CHANGES = `SELECT kind, ${week('at')} AS week, COUNT(*) AS count FROM deltas
  WHERE ${REPORTED} GROUP BY kind, ${week('at')}`;
/** What came to its end by itself, or is a turn of another, waits for nobody. */
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
const SCANS = `SELECT group_id, status, COUNT(*) AS count, MAX(finished_at) AS last FROM scans
  WHERE group_id IN (:groups) AND kind = 'scan' AND queued_at >= :from GROUP BY group_id, status`;
const UPS = `SELECT CASE WHEN since < :from THEN -1 ELSE ${week('since')} END AS week, COUNT(*) AS count
  FROM services WHERE group_id IN (:groups) GROUP BY 1`;

type Counted = { group_id: number; count: number | string };

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
  return {
    changes: changes.map((row) => ({ kind: row.kind, week: weekNumber(row.week), count: Number(row.count) })),
    answers: answers.map((row) => ({ ...counted(row), answer: row.answer, grade: row.grade })),
    waits: waits.map((row) => Number(row.wait)),
    codes: codes.map((row) => ({ ...counted(row), code: row.code })),
    services: await services(database, select),
    noisiest: noisiest.map((row) => ({ ...counted(row), address: row.address })),
    unstable: unstable.map((row) => ({ ...counted(row), subject: subjectOf(row) })),
    scans: await scans(select),
    // The words in these columns are our own.
  } as ReportCounts;
}

type Select = <R extends object>(sql: string) => Promise<R[]>;

async function services(database: Database, select: Select): Promise<ReportCounts['services']> {
  type Row = { week: number | string; count: number | string };
  const ups = await select<Row>(modulo(database, UPS));
  // A service that is gone has ended at a time; one that is there has not.
  const ended = UPS.replaceAll('since', database.dialect === 'postgres' ? '"until"' : '`until`');
  const downs = await select<Row>(modulo(database, ended.replace('GROUP BY', 'AND present = 0 GROUP BY')));
  const number = (row: Row) => (Number(row.week) < 0 ? -1 : weekNumber(row.week));
  return [
    ...ups.map((row) => ({ week: number(row), up: Number(row.count), down: 0 })),
    ...downs.map((row) => ({ week: number(row), up: 0, down: Number(row.count) })),
  ];
}

async function scans(select: Select): Promise<ReportCounts['scans']> {
  const rows = await select<Counted & { status: string; last: number | string | null }>(SCANS);
  return [...new Set(rows.map((row) => row.group_id))].map((groupId) => {
    const own = rows.filter((row) => row.group_id === groupId);
    const done = own.find((row) => row.status === 'done');
    const failed = own.find((row) => row.status === 'failed');
    const last = done?.last ?? null;
    return {
      ...{ groupId, done: Number(done?.count ?? 0), failed: Number(failed?.count ?? 0) },
      ...(last === null ? {} : { lastDone: Number(last) }),
    };
  });
}

/** SQLite may be built without MOD; it has `%`, as the others have. */
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
