import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import sqlite3 from 'sqlite3';

/** How long a writer waits for another process (a migration, a second console), ms. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Pragmas belong to a connection, and Sequelize opens one for every transaction without calling its own
 * `afterConnect` hook (sequelize#12487): so the driver sets them itself, before anything else runs.
 * `synchronous` is FULL because a delivery that is forgotten in a power cut would be posted twice.
 */
const PRAGMAS = [
  `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`,
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous = FULL',
  'PRAGMA foreign_keys = ON',
].join(';');

type Opened = (this: sqlite3.Database, error: Error | null) => void;

class PragmaDatabase extends sqlite3.Database {
  constructor(file: string, mode: number, opened: Opened) {
    super(file, mode, (error) => {
      if (error !== null) opened.call(this, error);
      else this.exec(PRAGMAS, (failed) => opened.call(this, failed));
    });
  }
}

/** For Sequelize's `dialectModule`. */
export const sqliteDriver = { ...sqlite3, Database: PragmaDatabase };

/** SQLite's `-wal` and `-shm` files inherit the mode: what a network looks like is nobody else's business. */
export function createPrivately(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
}
