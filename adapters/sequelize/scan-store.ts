import { Op, type Transaction } from 'sequelize';
import { UserError } from '../../src/core/errors.ts';
import { type ChunkRequest, type Coverage, isOver, type Scan } from '../../src/core/model/scan.ts';
import type { NewScan, ScanStore } from '../../src/ports/store.ts';
import { createChunkStore } from './chunk-store.ts';
import type { Database } from './database.ts';
import { recordEvent } from './record-event.ts';
import { fromJson, nonNull, plain } from './rows.ts';
import { newScanRow, stagedRow, toScan } from './scan-rows.ts';
import { readSeen } from './seen-store.ts';
import type { ScanRow } from './tables/scan-tables.ts';
import type { Tables } from './tables/tables.ts';
import { touchMessages } from './want-message.ts';

export function createScanStore(database: Database): ScanStore {
  const { tables, read, write } = database;
  const { scans } = tables;
  return {
    ...createChunkStore(database),
    add: (scan) => write((tx) => addScan(tables, scan, tx)),
    byId: (id) =>
      read(async () => {
        const row = await scans.first({ where: { id } });
        return row === undefined ? undefined : toScan(row);
      }),
    list: (filter, { limit, offset }) =>
      read(async () => {
        const where = {
          ...nonNull({ group_id: filter.groupId, kind: filter.kind }),
          ...(filter.statuses === undefined ? {} : { status: [...filter.statuses] }),
          id: { [Op.gt]: filter.after ?? 0, [Op.lt]: filter.before ?? Number.MAX_SAFE_INTEGER },
        };
        const rows = await scans.find({ where, order: [['id', 'DESC']], limit, offset });
        return { items: rows.map(toScan), total: await scans.count(where) };
      }),
    chunks: (id) =>
      read(async () => {
        const rows = await tables.chunks.find({ where: { scan_id: id }, order: [['chunk', 'ASC']] });
        return rows.map((row) => fromJson<ChunkRequest>(row.request));
      }),
    retarget: (id, chunks, hostsTotal) =>
      write(async (tx) => {
        const rows = chunks.map((request, chunk) => ({ scan_id: id, chunk, request: JSON.stringify(request) }));
        await tables.chunks.upsertMany(rows, ['scan_id', 'chunk'], tx);
        const chunk_count = chunks.filter((chunk) => chunk.ranges.length > 0).length;
        await scans.update({ chunk_count, hosts_total: hostsTotal }, { id }, tx);
      }),
    transition: (id, from, to, change = {}) =>
      write(async (tx) => {
        const values: Partial<ScanRow> = {
          status: to,
          ...nonNull({ started_at: change.startedAt, finished_at: change.finishedAt }),
          ...(change.error === undefined ? {} : { error: plain(change.error) }),
        };
        const changed = (await scans.update(values, { id, status: [...from] }, tx)) > 0;
        if (changed && to === 'failed') await recordFailure(tables, id, change.finishedAt, tx);
        // In the same transaction; otherwise its message would say forever that it is running.
        if (changed && isOver({ status: to })) await touchMessages(tables, [{ type: 'scan', scan: id }], undefined, tx);
        return changed;
      }),
    setProgress: (id, progress) =>
      write(async (tx) => {
        const { hostsDone, hostsUp, chunksDone, percent, underWay } = progress;
        const under_way = underWay === undefined ? null : JSON.stringify(underWay);
        const counts = { hosts_done: hostsDone, hosts_up: hostsUp, chunks_done: chunksDone };
        const values = { ...counts, under_way, ...nonNull({ percent }) };
        await scans.update(values, { id }, tx);
      }),
    addNote: (id, note) =>
      write(async (tx) => {
        const row = await scans.first({ where: { id }, attributes: ['notes'] }, tx);
        const notes = row === undefined ? [] : fromJson<string[]>(row.notes);
        // Each note once.
        if (!notes.includes(note)) await scans.update({ notes: JSON.stringify([...notes, note]) }, { id }, tx);
      }),
    seen: (id) => read(() => readSeen(tables, id)),
    setCoverage: (id, coverage) => write((tx) => saveCoverage(tables, id, coverage, tx)),
    coverage: (id) =>
      read(async () => {
        const row = await tables.coverages.first({ where: { scan_id: id } });
        if (row === undefined) return undefined;
        return {
          addresses: fromJson<Coverage['addresses']>(row.addresses),
          ports: fromJson<Coverage['ports']>(row.ports),
        };
      }),
  };
}

/** A confirmation that fails leaves its question to the next scan, so nobody needs to know. */
async function recordFailure(tables: Tables, scanId: number, at: number | undefined, tx: Transaction): Promise<void> {
  const scan = await tables.scans.first({ where: { id: scanId, kind: 'scan' } }, tx);
  if (scan === undefined) return;
  const event = { type: 'scan-failed' as const, groupId: scan.group_id, at: at ?? scan.queued_at, scanId };
  await recordEvent(tables, { ...event, deltaIds: [] }, tx);
}

export async function saveCoverage(tables: Tables, id: number, coverage: Coverage, tx: Transaction): Promise<void> {
  const addresses = JSON.stringify(coverage.addresses);
  await tables.coverages.upsertMany(
    [{ scan_id: id, addresses, ports: JSON.stringify(coverage.ports) }],
    ['scan_id'],
    tx,
  );
}

async function addScan(tables: Tables, scan: NewScan, tx: Transaction): Promise<{ scan: Scan; added: boolean }> {
  if ((await tables.groups.count({ id: scan.groupId }, tx)) === 0) {
    throw new UserError('That group is gone.', { hint: '`group list` shows those there are.' });
  }
  if (scan.kind === 'scan') {
    const waiting = await tables.scans.first({ where: { group_id: scan.groupId, kind: 'scan', status: 'queued' } }, tx);
    if (waiting !== undefined) return { scan: toScan(waiting), added: false };
  }
  const underWay = scan.staged === undefined ? undefined : await scanUnderWay(tables, scan.groupId, tx);
  if (underWay !== undefined) return { scan: toScan(underWay), added: false };
  const row = newScanRow(scan, await numberOf(tables, scan, tx));
  const id = await tables.scans.insert(row, tx);
  const chunks = scan.chunks.map((request, chunk) => ({ scan_id: id, chunk, request: JSON.stringify(request) }));
  await tables.chunks.insertMany(chunks, tx);
  const results = (scan.staged ?? []).map((result, chunk) => stagedRow(id, chunk, 1, result));
  await tables.results.insertMany(results, tx);
  return { scan: toScan({ ...row, id }), added: true };
}

function scanUnderWay(tables: Tables, groupId: number, tx: Transaction): Promise<ScanRow | undefined> {
  return tables.scans.first({ where: { group_id: groupId, status: ['queued', 'running', 'judging'] } }, tx);
}

/** Scans count up within their group; rows are never deleted individually, so no number is reused. */
async function numberOf(tables: Tables, scan: NewScan, tx: Transaction): Promise<number> {
  if (scan.kind === 'confirmation') {
    const parent = await tables.scans.first({ where: { id: scan.parentId ?? 0, group_id: scan.groupId } }, tx);
    if (parent === undefined) throw new Error('a confirmation needs the scan that it confirms');
    return parent.number;
  }
  const newest = await tables.scans.first(
    { where: { group_id: scan.groupId, kind: 'scan' }, order: [['number', 'DESC']] },
    tx,
  );
  return (newest?.number ?? 0) + 1;
}
