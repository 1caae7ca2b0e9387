import type { IdentifiedHost, Scan, UnderWay } from '../../src/core/model/scan.ts';
import type { NewScan, StagedChunk } from '../../src/ports/store.ts';
import { fromJson, nonNull, plain } from './rows.ts';
import type { ChunkResultRow, ScanRow } from './tables/scan-tables.ts';

export function toScan(row: ScanRow): Scan {
  return {
    id: row.id,
    groupId: row.group_id,
    number: row.number,
    kind: row.kind as Scan['kind'],
    status: row.status as Scan['status'],
    origin: fromJson<Scan['origin']>(row.origin),
    settings: fromJson<Scan['settings']>(row.settings),
    site: row.site,
    chunkCount: row.chunk_count,
    chunksDone: row.chunks_done,
    hostsTotal: row.hosts_total,
    hostsDone: row.hosts_done,
    hostsUp: row.hosts_up,
    percent: row.percent,
    queuedAt: row.queued_at,
    notes: fromJson<Scan['notes']>(row.notes),
    ...nonNull({
      parentId: row.parent_id,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      error: row.error,
    }),
    ...(row.under_way === null ? {} : { underWay: fromJson<UnderWay>(row.under_way) }),
  };
}

export function newScanRow(scan: NewScan, number: number): Omit<ScanRow, 'id'> {
  const status: Scan['status'] = scan.staged === undefined ? 'queued' : 'judging';
  return {
    group_id: scan.groupId,
    number,
    kind: scan.kind,
    parent_id: scan.parentId ?? null,
    status,
    origin: JSON.stringify(scan.origin),
    settings: JSON.stringify(scan.settings),
    site: scan.site,
    chunk_count: scan.chunks.length,
    chunks_done: 0,
    hosts_total: scan.hostsTotal,
    hosts_done: 0,
    hosts_up: 0,
    percent: 0,
    under_way: null,
    queued_at: scan.queuedAt,
    started_at: scan.staged === undefined ? null : scan.queuedAt,
    finished_at: null,
    error: null,
    notes: JSON.stringify(scan.notes),
  };
}

export function toStaged(row: ChunkResultRow): StagedChunk & { chunk: number; attempt: number } {
  return {
    chunk: row.chunk,
    attempt: row.attempt,
    outcome: row.outcome as StagedChunk['outcome'],
    xml: row.xml,
    ...nonNull({ error: row.error }),
    ...(row.identified === null ? {} : { identified: fromJson<readonly IdentifiedHost[]>(row.identified) }),
  };
}

export function stagedRow(scanId: number, chunk: number, attempt: number, result: StagedChunk): ChunkResultRow {
  const error = result.error === undefined ? null : plain(result.error);
  const identified = result.identified === undefined ? null : JSON.stringify(result.identified);
  return { scan_id: scanId, chunk, attempt, outcome: result.outcome, error, xml: result.xml, identified };
}
