import sqlite3 from 'sqlite3';

export type FileLock = { release(): Promise<void> };

/**
 * Takes the lock on a file, waiting at most `waitMs`; undefined when another process holds it.
 * It is SQLite's exclusive transaction, hence a kernel lock on an open file, because Node has no flock of its own. The
 * kernel drops it with its process, even on SIGKILL, so there is never a stale lock: with a process id in a file one
 * would have to distinguish a dead holder from a reused id, and with a bound socket a live one from the remains of a
 * crash. It also works between containers that share the directory, where ids mean nothing.
 */
export function takeFileLock(path: string, waitMs = 0): Promise<FileLock | undefined> {
  return new Promise((resolve, reject) => {
    const file = new sqlite3.Database(path, (openError) => {
      if (openError) return reject(openError);
      file.configure('busyTimeout', waitMs);
      file.exec('BEGIN EXCLUSIVE', (lockError) => {
        if (!lockError) return resolve(held(file));
        file.close(() => (isBusy(lockError) ? resolve(undefined) : reject(lockError)));
      });
    });
  });
}

function held(file: sqlite3.Database): FileLock {
  // A database without references is collected and closed, and the lock is gone: the timer keeps a reference.
  const reference = setInterval(() => file, 2 ** 30).unref();
  return {
    release: () =>
      new Promise((resolve, reject) => {
        clearInterval(reference);
        file.close((error) => (error ? reject(error) : resolve()));
      }),
  };
}

function isBusy(error: Error): boolean {
  return 'code' in error && error.code === 'SQLITE_BUSY';
}
