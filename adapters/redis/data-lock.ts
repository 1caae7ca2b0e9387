import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { UserError } from '../../src/core/errors.ts';
import { type FileLock, takeFileLock } from './file-lock.ts';

export type DataLock = { release(): Promise<void> };

/** Another process is the bot of this data directory; a caller that only wants to talk to the bot may go on. */
export class DataDirTaken extends UserError {}

/**
 * Elects the one bot of a data directory, which is created if it is missing. Throws a UserError that names the holder.
 * The kernel's lock on `bot.lock` decides (file-lock.ts); `bot.pid` beside it only names the holder.
 */
export async function lockDataDir(dataDir: string): Promise<DataLock> {
  const directory = resolve(dataDir);
  const lock = await openLock(directory);
  const note = join(directory, 'bot.pid');
  if (!lock) throw await heldBy(directory, note);
  await writeFile(note, `${process.pid} ${hostname()}\n`, { mode: 0o600 });
  return {
    async release() {
      await rm(note, { force: true });
      await lock.release();
    },
  };
}

/** Whether a bot runs on it, or is just starting or stopping. */
export async function isHeld(dataDir: string): Promise<boolean> {
  const path = join(resolve(dataDir), 'bot.lock');
  if (!existsSync(path)) return false;
  const lock = await takeFileLock(path);
  await lock?.release();
  return lock === undefined;
}

async function openLock(directory: string): Promise<FileLock | undefined> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return await takeFileLock(join(directory, 'bot.lock'));
  } catch (error) {
    const reason = reasonOf(error);
    throw new UserError(`the data directory ${directory} cannot be used: ${reason}`, {
      hint: 'make it writable for this user, or set NETDELTA_DATA_DIR to a directory that is',
    });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EROFS: 'it is on a read-only file system',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  ENOSPC: 'its disk is full',
  EDQUOT: 'the disk quota of this user is used up',
  ENOTDIR: 'a part of its path is a file',
  SQLITE_CANTOPEN: 'this user may not write there, or its file system is read-only',
  SQLITE_READONLY: 'this user may not write there, or its file system is read-only',
  SQLITE_FULL: 'its disk is full',
  SQLITE_IOERR: 'its disk is full or broken',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}

async function heldBy(directory: string, note: string): Promise<DataDirTaken> {
  const [pid, host] = (await readFile(note, 'utf8').catch(() => '')).trim().split(' ');
  const holder = pid ? `process ${pid}${host && host !== hostname() ? ` on ${host}` : ''}` : 'another process';
  return new DataDirTaken(`${holder} already runs NetDelta on the data directory ${directory}`, {
    hint: 'end it first, or set NETDELTA_DATA_DIR to another directory for a second NetDelta',
  });
}
