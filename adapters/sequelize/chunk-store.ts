import type { Transaction } from 'sequelize';
import { ENDED, type ScanStatus } from '../../src/core/model/scan.ts';
import type { ScanStore, StagedChunk } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { stagedRow, toStaged } from './scan-rows.ts';

/** The detail of scans: the results of their chunks. */
export function createChunkStore(
  database: Database,
): Pick<ScanStore, 'stageChunk' | 'staged' | 'endedChunks' | 'prune' | 'pruneBefore'> {
  const { tables, read, write } = database;
  return {
    stageChunk: (id, chunk, attempt, result) =>
      write(async (tx) => {
        const scan = await tables.scans.first({ where: { id }, attributes: ['status'] }, tx);
        // A judged scan stays as it was judged, for anybody who looks at it later.
        if (scan === undefined || (scan.status !== 'cancelled' && ENDED.includes(scan.status as ScanStatus)))
          return false;
        const staged = await tables.results.first({ where: { scan_id: id, chunk }, attributes: ['attempt'] }, tx);
        if (staged !== undefined && staged.attempt >= attempt) return false;
        await tables.results.upsertMany([stagedRow(id, chunk, attempt, result)], ['scan_id', 'chunk'], tx);
        return true;
      }),
    staged: (id) =>
      read(async () => {
        const rows = await tables.results.find({ where: { scan_id: id }, order: [['chunk', 'ASC']] });
        return rows.map(toStaged);
      }),
    endedChunks: (id) =>
      read(async () => {
        const attributes = ['chunk', 'outcome'] as const;
        const rows = await tables.results.find({ where: { scan_id: id }, attributes, order: [['chunk', 'ASC']] });
        return rows.map(({ chunk, outcome }) => ({ chunk, outcome: outcome as StagedChunk['outcome'] }));
      }),
    prune: (groupId, keep) => write((tx) => prune(database, groupId, keep, tx)),
    pruneBefore: (before, limit) =>
      write(async (tx) => {
        const old = await database.select<{ id: number }>(OLD_WITH_DETAIL, { before, limit, ended: ENDED }, tx);
        return removeDetail(database, old, tx);
      }),
  };
}

const HAS_DETAIL = `(EXISTS (SELECT 1 FROM scan_chunks c WHERE c.scan_id = scans.id)
  OR EXISTS (SELECT 1 FROM chunk_results r WHERE r.scan_id = scans.id))`;

const WITH_DETAIL = `
  SELECT id FROM scans
  WHERE group_id = :groupId AND number <= :number AND status IN (:ended) AND ${HAS_DETAIL}`;

/** However old it is, the newest judged scan is the one that shows the group's current state. */
const OLD_WITH_DETAIL = `
  SELECT id FROM scans
  WHERE status IN (:ended) AND COALESCE(finished_at, queued_at) < :before AND ${HAS_DETAIL}
    AND number < (SELECT MAX(n.number) FROM scans n
      WHERE n.group_id = scans.group_id AND n.kind = 'scan' AND n.status = 'done')
  ORDER BY id LIMIT :limit`;

/** Counts numbered scans; a confirmation belongs to the scan that it confirms. Returns how many lost their detail. */
async function prune(database: Database, groupId: number, keep: number, tx: Transaction): Promise<number> {
  const { tables, select } = database;
  const beyond = await tables.scans.first(
    {
      where: { group_id: groupId, status: [...ENDED], kind: 'scan' },
      order: [['number', 'DESC']],
      offset: keep,
      attributes: ['number'],
    },
    tx,
  );
  if (beyond === undefined) return 0;
  const old = await select<{ id: number }>(WITH_DETAIL, { groupId, number: beyond.number, ended: ENDED }, tx);
  return removeDetail(database, old, tx);
}

async function removeDetail({ tables }: Database, old: readonly { id: number }[], tx: Transaction): Promise<number> {
  const scan_id = old.map(({ id }) => id);
  await tables.results.remove({ scan_id }, tx);
  await tables.chunks.remove({ scan_id }, tx);
  await tables.seen.update({ detail: null }, { scan_id }, tx);
  return old.length;
}
