import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  BaseError,
  ConnectionAcquireTimeoutError,
  ConnectionError,
  ForeignKeyConstraintError,
  TimeoutError,
} from 'sequelize';
import { StorageTrouble, type TroubleKind, UserError } from '../../src/core/errors.ts';

/** Less than a commit may need. */
const LITTLE_BYTES = 256 * 1024;

/** The codes of SQLite, PostgreSQL (SQLSTATE) and MySQL or MariaDB, by what they mean to the operator. */
const CODES: Readonly<Record<TroubleKind, RegExp>> = {
  full: /^(SQLITE_FULL|53100|ENOSPC|EDQUOT|ER_DISK_FULL|ER_RECORD_FILE_FULL|ER_DISK_FULL_NOWAIT)$/,
  'read-only':
    /^(SQLITE_READONLY|SQLITE_CANTOPEN|25006|EROFS|EACCES|EPERM|ER_OPEN_AS_READONLY|ER_READ_ONLY_MODE|ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION|ER_OPTION_PREVENTS_STATEMENT)/,
  corrupt:
    /^(SQLITE_CORRUPT|SQLITE_NOTADB|XX001|XX002|ER_CRASHED_ON_USAGE|ER_NOT_KEYFILE|ER_TABLE_CORRUPT|ER_NOT_FORM_FILE)/,
  locked: /^(SQLITE_BUSY|SQLITE_LOCKED|55P03|57014|25P03|ER_LOCK_WAIT_TIMEOUT|ER_LOCK_DEADLOCK|40P01)/,
  away: /^(08|57P0|53300|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|PROTOCOL_CONNECTION_LOST|ER_SERVER_SHUTDOWN|ER_CON_COUNT_ERROR|SQLITE_IOERR)/,
};

const WORDS: Readonly<Record<TroubleKind, (label: string) => { says: string; hint: string }>> = {
  full: (label) => ({
    says: 'The disk of the database is full: nothing can be stored, and no scan is judged.',
    hint: `Free some space for ${label}; NetDelta then goes on by itself.`,
  }),
  'read-only': (label) => ({
    says: 'The database can be read but not written to.',
    hint: `Make ${label} and its directory writable for the user of NetDelta, on a file system that is not read-only.`,
  }),
  corrupt: (label) => ({
    says: 'The database is damaged.',
    hint: `Stop NetDelta, keep a copy of ${label}, then: netdelta restore FILE, with the newest backup.`,
  }),
  locked: (label) => ({
    says: 'The database is locked by another program.',
    hint: `End what holds ${label} (a backup, a migration, a database browser); NetDelta then goes on by itself.`,
  }),
  away: (label) => ({
    says: 'The database cannot be reached.',
    hint: `Start the server of ${label} or correct DATABASE_URL; NetDelta goes on by itself when it answers.`,
  }),
};

/** Plain text with what to do, whatever the driver calls it; undefined when the database is not the cause. */
export function storageTrouble(error: unknown, label: string): StorageTrouble | undefined {
  const kind = kindOf(error, label);
  if (kind === undefined) return undefined;
  const { says, hint } = WORDS[kind](label);
  return new StorageTrouble(kind, says, hint);
}

function kindOf(error: unknown, label: string): TroubleKind | undefined {
  const code = codeOf(error, label);
  const found = Object.entries(CODES).find(([, codes]) => codes.test(code));
  if (found !== undefined) return found[0] as TroubleKind;
  const isConnection = error instanceof ConnectionError || error instanceof ConnectionAcquireTimeoutError;
  const text = error instanceof Error ? error.message : '';
  if (isConnection || /terminat|Connection lost|closed state|Client was closed/i.test(text)) return 'away';
  return error instanceof TimeoutError ? 'locked' : undefined;
}

/** Sequelize keeps the driver's own error as `parent`; a full disk may be hidden by a general I/O error. */
function codeOf(error: unknown, label: string): string {
  const own: unknown = error instanceof BaseError ? Reflect.get(error, 'parent') : error;
  if (!(own instanceof Error)) return '';
  if (/no space left|database or disk is full/i.test(own.message)) return 'ENOSPC';
  const code = 'code' in own ? String(own.code) : '';
  return code.startsWith('SQLITE_IOERR') && isFull(label) ? 'ENOSPC' : code;
}

/** SQLite calls a full disk a general I/O error when it happens in one of the files beside the database. */
function isFull(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < LITTLE_BYTES;
  } catch {
    return false;
  }
}

/** Sequelize's errors contain the statement and its values, which may be megabytes, or secret: they stay here. */
export function plainError(error: unknown, label: string): unknown {
  const trouble = storageTrouble(error, label);
  if (trouble !== undefined) return trouble;
  if (!(error instanceof BaseError)) return error;
  if (error instanceof ForeignKeyConstraintError) {
    return new UserError('What that belongs to is gone.', {
      hint: 'It was removed meanwhile. Look at the list again.',
    });
  }
  const cause: unknown = Reflect.get(error, 'parent');
  const plain = new Error(`database: ${cause instanceof Error ? cause.message : error.message}`);
  plain.name = 'DatabaseError';
  return plain;
}
