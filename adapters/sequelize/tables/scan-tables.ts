import { BYTES, type Columns, ID, KEY_NUMBER, NUMBER, REAL, TEXT, TIME } from '../table.ts';

export type ScanRow = {
  id: number;
  group_id: number;
  number: number;
  kind: string;
  parent_id: number | null;
  status: string;
  origin: string;
  settings: string;
  site: string;
  chunk_count: number;
  chunks_done: number;
  hosts_total: number;
  hosts_done: number;
  hosts_up: number;
  percent: number;
  under_way: string | null;
  queued_at: number;
  started_at: number | null;
  finished_at: number | null;
  error: string | null;
  notes: string;
};

export const SCANS: Columns<ScanRow> = {
  id: ID,
  group_id: NUMBER,
  number: NUMBER,
  kind: TEXT,
  parent_id: NUMBER,
  status: TEXT,
  origin: TEXT,
  settings: TEXT,
  site: TEXT,
  chunk_count: NUMBER,
  chunks_done: NUMBER,
  // A /64 has more hosts than an integer column holds.
  hosts_total: REAL,
  hosts_done: REAL,
  hosts_up: REAL,
  percent: NUMBER,
  under_way: TEXT,
  queued_at: TIME,
  started_at: TIME,
  finished_at: TIME,
  error: TEXT,
  notes: TEXT,
};

export type ScanChunkRow = { scan_id: number; chunk: number; request: string };
export const SCAN_CHUNKS: Columns<ScanChunkRow> = { scan_id: KEY_NUMBER, chunk: KEY_NUMBER, request: TEXT };

/** The newest attempt of a chunk: its XML as gzip. */
export type ChunkResultRow = {
  scan_id: number;
  chunk: number;
  attempt: number;
  outcome: string;
  error: string | null;
  xml: Buffer;
  /** The hosts and ports whose identity it read, as JSON; null where nobody wanted to know. */
  identified: string | null;
};

export const CHUNK_RESULTS: Columns<ChunkResultRow> = {
  scan_id: KEY_NUMBER,
  chunk: KEY_NUMBER,
  attempt: NUMBER,
  outcome: TEXT,
  error: TEXT,
  xml: BYTES,
  identified: TEXT,
};

/** What a scan saw; hosts and answers as gzip of their JSON, null once its detail is pruned. */
export type SeenRow = { scan_id: number; hosts_up: number; open_ports: number; detail: Buffer | null };
export const SEEN: Columns<SeenRow> = { scan_id: KEY_NUMBER, hosts_up: REAL, open_ports: REAL, detail: BYTES };

/** Ranges, as JSON. */
export type CoverageRow = { scan_id: number; addresses: string; ports: string };
export const COVERAGES: Columns<CoverageRow> = { scan_id: KEY_NUMBER, addresses: TEXT, ports: TEXT };
