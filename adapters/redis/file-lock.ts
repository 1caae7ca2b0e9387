import sqlite3 from 'sqlite3';

export type FileLock = { release(): Promise<void> };

/**
 * Takes the lock on a file, waiting at most `waitMs`; undefined when another holds it.
 *
 * It is SQLite's exclusive transaction, hence a lock of the kernel on an open file, for Node has no flock of its own. The
 * kernel drops it with its process, even on SIGKILL, so there is no stale lock to judge: a file with a process id in it
 * would have to tell a dead holder from a reused id, and a bound socket from one that a crash left behind. It also holds
 * between containers that share the directory, where ids mean nothing.
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
  // A database that nobody refers to is collected, closed, and the lock gone: the timer refers to it.
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
