import { closeSync, existsSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import sqlite3 from 'sqlite3';
import { UserError } from '../../src/core/errors.ts';

/** How long a writer waits for another process (a migration, a second console), ms. */
const BUSY_TIMEOUT_MS = 10_000;

/** `synchronous` is FULL because a delivery that is forgotten in a power cut would be posted twice. */
const PRAGMAS = [
  `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`,
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous = FULL',
  'PRAGMA foreign_keys = ON',
].join(';');

type Callback = (this: sqlite3.Database, error: Error | null) => void;

export type SqliteDriver = {
  /** For Sequelize's `dialectModule`. */
  module: object;
  /** Resolves when every connection that is being closed is closed: then the file alone is the whole database. */
  closed(): Promise<void>;
};

/**
 * Pragmas belong to a connection, and Sequelize opens one for every transaction without calling its own
 * `afterConnect` hook (sequelize#12487): so the driver sets them itself, before anything else runs.
 * Sequelize doesn't wait for a transaction's connection to close either.
 */
export function createSqliteDriver(): SqliteDriver {
  const closing = new Set<Promise<void>>();

  class PragmaDatabase extends sqlite3.Database {
    constructor(file: string, mode: number, opened: Callback) {
      super(file, mode, (error) => {
        if (error !== null) opened.call(this, error);
        else this.exec(PRAGMAS, (failed) => opened.call(this, failed));
      });
    }

    override close(callback?: (error: Error | null) => void): void {
      const ended = new Promise<void>((resolve) => {
        super.close((error) => {
          callback?.(error);
          resolve();
        });
      });
      closing.add(ended);
      void ended.then(() => closing.delete(ended));
    }
  }

  return {
    module: { ...sqlite3, Database: PragmaDatabase },
    async closed() {
      await Promise.all(closing);
    },
  };
}

/**
 * SQLite's `-wal` and `-shm` files inherit the mode: what a network looks like is nobody else's business. A file of no
 * bytes is what a full disk or a broken copy leaves behind: it must not begin anew as an empty database, in silence.
 * `FILE.new` stands beside one that was only just made.
 */
export function createPrivately(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const mark = `${file}.new`;
  const size = existsSync(file) ? statSync(file).size : undefined;
  if (size === undefined) {
    closeSync(openSync(mark, 'w', 0o600));
    closeSync(openSync(file, 'a', 0o600));
  } else if (size > 0) {
    rmSync(mark, { force: true });
  } else if (!existsSync(mark)) {
    throw new UserError(`The database file ${file} is empty (0 bytes).`, {
      hint: 'Restore a backup (netdelta restore FILE), or remove the file to start with an empty database.',
    });
  }
}
