import { closeSync, existsSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import sqlite3 from 'sqlite3';
import { UserError } from '../../src/core/errors.ts';

/** How long a writer waits for another process (a migration, a second console), ms. */
const BUSY_TIMEOUT_MS = 10_000;
const BUSY_AGAIN_MS = 20;

/** `synchronous` is FULL because a delivery that is lost in a power cut would be posted twice. */
const PRAGMAS = [
  `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`,
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous = FULL',
  'PRAGMA foreign_keys = ON',
].join(';');

const isBusy = (error: Error | null): boolean => error !== null && 'code' in error && error.code === 'SQLITE_BUSY';

type Callback = (this: sqlite3.Database, error: Error | null) => void;

/** For the change to WAL, which two programs make at once on a new file, SQLite itself does not wait. */
function setPragmas(database: sqlite3.Database, until: number, done: (failed: Error | null) => void): void {
  database.exec(PRAGMAS, (failed) => {
    if (isBusy(failed) && performance.now() < until) setTimeout(setPragmas, BUSY_AGAIN_MS, database, until, done);
    else done(failed);
  });
}

/** What Sequelize asks before each of its reads, to know how a table declares its columns. */
const COLUMNS = /^PRAGMA table_info\(`/;
/** What may change the answer, or take such a change back. */
const CHANGES_COLUMNS = /^\s*(?:create|alter|drop|rollback)\b/i;

const BEGINS = /^\s*begin\b/i;
const COMMITS = /^\s*commit\b/i;
/** Writes come one after the other, and a snapshot is seldom read beside another. */
const MOST_SPARE = 2;

type RowsCallback = (error: Error | null, rows: unknown[]) => void;
type Failed = Error | null;

export type SqliteDriver = {
  /** For Sequelize's `dialectModule`. */
  module: { Database: new (file: string, mode: number, opened: Callback) => sqlite3.Database };
  /**
   * Resolves when every connection that a transaction had is closed, and from now on none is kept: then the permanent
   * one is the last, and after it the file alone is the whole database.
   */
  closed(): Promise<void>;
};

/**
 * Pragmas belong to a connection, and Sequelize opens one for every transaction without calling its own `afterConnect`
 * hook (sequelize#12487), so the driver sets them itself, before anything else runs. Opening and closing cost more than
 * a small transaction, so one whose transaction was committed is kept for the next. (After a rollback, statements of the
 * failed work could still follow: they must not get into another transaction.) Sequelize doesn't wait for a
 * connection to close either, and asks for a table's columns before each read of it: they are remembered.
 */
export function createSqliteDriver(): SqliteDriver {
  const closing = new Set<Promise<void>>();
  const spare: PragmaDatabase[] = [];
  let keeps = true;
  /** Rows of `PRAGMA table_info` by its text: half of all statements without it. */
  const columns = new Map<string, unknown[]>();

  class PragmaDatabase extends sqlite3.Database {
    /** SQLite has confirmed the end of its last transaction. */
    private committed = false;

    constructor(file: string, mode: number, opened: Callback) {
      super(file, mode, (error) => {
        if (error !== null) opened.call(this, error);
        else setPragmas(this, performance.now() + BUSY_TIMEOUT_MS, (failed) => opened.call(this, failed));
      });
    }

    override all(sql: string, ...rest: unknown[]): this {
      if (!COLUMNS.test(sql)) return super.all(sql, ...this.watched(sql, rest));
      const [callback] = rest as [RowsCallback];
      const known = columns.get(sql);
      if (known === undefined) {
        return super.all(sql, (error: Failed, rows: unknown[]) => {
          if (error === null) columns.set(sql, rows);
          callback(error, rows);
        });
      }
      process.nextTick(callback, null, known);
      return this;
    }

    override run(sql: string, ...rest: unknown[]): this {
      return super.run(sql, ...this.watched(sql, rest));
    }

    /** Takes notice of a statement, and of the answer to a commit; returns the other arguments of `run` and `all`. */
    private watched(sql: string, rest: unknown[]): unknown[] {
      if (CHANGES_COLUMNS.test(sql)) columns.clear();
      if (BEGINS.test(sql)) this.committed = false;
      const callback = rest.at(-1);
      if (!COMMITS.test(sql) || typeof callback !== 'function') return rest;
      const connection = this;
      const noted = function (this: unknown, failed: Failed, ...more: unknown[]) {
        connection.committed = failed === null;
        callback.call(this, failed, ...more);
      };
      return [...rest.slice(0, -1), noted];
    }

    override close(callback?: (error: Failed) => void): void {
      if (keeps && this.committed && spare.length < MOST_SPARE) {
        spare.push(this);
        callback?.(null);
      } else {
        this.end(callback);
      }
    }

    end(callback?: (error: Failed) => void): void {
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

  /** Called with `new`. All connections of one Sequelize are to one file: any that is spare will do. */
  function Connection(file: string, mode: number, opened: Callback): sqlite3.Database {
    const kept = spare.pop();
    if (kept === undefined) return new PragmaDatabase(file, mode, opened);
    process.nextTick(() => opened.call(kept, null));
    return kept;
  }

  return {
    module: { ...sqlite3, Database: Connection as unknown as SqliteDriver['module']['Database'] },
    async closed() {
      keeps = false;
      for (const connection of spare.splice(0)) connection.end();
      await Promise.all(closing);
    },
  };
}

/**
 * SQLite's `-wal` and `-shm` files inherit the mode: the layout of a network is nobody else's business. A file of no
 * bytes is what a full disk or a broken copy leaves behind: it must not silently start again as an empty database.
 * `FILE.new` beside it marks one that has just been created.
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
