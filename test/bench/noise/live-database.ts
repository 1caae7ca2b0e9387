import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import sqlite3 from 'sqlite3';
import type { DeltaKind } from '../../../src/core/model/delta-kinds.ts';

export type StoredDelta = {
  /** Counts from 1. */
  scan: number;
  kind: DeltaKind;
  address: string;
  port: number | null;
  state: string;
  probability: number;
  evidence: string;
  heldBack: string | null;
  /** Reported by a confirmation, not by the scan itself. */
  confirmed: number;
};

export type StoredDocument = {
  /** Counts from 1 in its group. */
  scan: number;
  xml: Buffer;
};

/** Reads what a running bot has stored; the bot itself is not asked, so that it behaves as usual. */
export type LiveDatabase = {
  /**
   * Resolves when no scan and no confirmation has been queued or running for a while: the next one is planned after a
   * commit.
   */
  idle(): Promise<void>;
  deltas(): Promise<StoredDelta[]>;
  /** nmap's XML of each scan, in order; of the group with that name, or of all. */
  documents(group?: string): Promise<StoredDocument[]>;
  confirmations(): Promise<{ done: number; failed: number }>;
  close(): Promise<void>;
};

const POLL_MS = 300;
const QUIET_POLLS = 4;

export async function openLiveDatabase(file: string): Promise<LiveDatabase> {
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened = new sqlite3.Database(file, sqlite3.OPEN_READONLY, (error) =>
      error === null ? resolve(opened) : reject(error),
    );
  });
  database.configure('busyTimeout', 10_000);
  const all = <Row>(sql: string) =>
    new Promise<Row[]>((resolve, reject) =>
      database.all<Row>(sql, (error, rows) => (error === null ? resolve(rows) : reject(error))),
    );
  return {
    idle: async () => {
      for (let quiet = 0; quiet < QUIET_POLLS; ) {
        await sleep(POLL_MS);
        const [busy] = await all<{ n: number }>(
          "SELECT count(*) AS n FROM scans WHERE status IN ('queued', 'running', 'judging')",
        );
        quiet = busy?.n === 0 ? quiet + 1 : 0;
      }
    },
    deltas: () =>
      all(
        `SELECT scan.number AS scan, delta.kind, delta.address, delta.port, delta.state, delta.probability, delta.evidence,
         delta.held_back AS heldBack, delta.commit_scan_id <> delta.scan_id AS confirmed
         FROM deltas AS delta JOIN scans AS scan ON scan.id = delta.scan_id ORDER BY delta.id`,
      ),
    documents: async (group) => {
      const rows = await all<StoredDocument & { name: string }>(
        `SELECT scan.number AS scan, result.xml, groups.name FROM chunk_results AS result
         JOIN scans AS scan ON scan.id = result.scan_id JOIN groups ON groups.id = scan.group_id
         WHERE scan.kind = 'scan' ORDER BY scan.number, result.chunk`,
      );
      return rows
        .filter(({ name }) => group === undefined || name === group)
        .map(({ scan, xml }) => ({ scan, xml: gunzipSync(xml) }));
    },
    confirmations: async () => {
      const rows = await all<{ status: string }>("SELECT status FROM scans WHERE kind = 'confirmation'");
      const done = rows.filter(({ status }) => status === 'done').length;
      return { done, failed: rows.length - done };
    },
    close: () =>
      new Promise((resolve, reject) => database.close((error) => (error === null ? resolve() : reject(error)))),
  };
}
