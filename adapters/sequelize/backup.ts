import { chmodSync, closeSync, copyFileSync, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import { UserError } from '../../src/core/errors.ts';
import { openDatabase } from './database.ts';
import { parseDatabaseUrl } from './database-url.ts';
import { openStore } from './open-store.ts';

/** The servers' own backup tools. */
const TOOLS = {
  postgres:
    'pg_dump --format=custom --file=FILE "$DATABASE_URL"; back with pg_restore --clean --dbname="$DATABASE_URL" FILE',
  mysql: 'mysqldump --single-transaction --result-file=FILE DATABASE; back with: mysql DATABASE < FILE',
  mariadb: 'mariadb-dump --single-transaction --result-file=FILE DATABASE; back with: mariadb DATABASE < FILE',
} as const;

function sqliteFile(databaseUrl: string): string {
  const { dialect, file } = parseDatabaseUrl(databaseUrl);
  if (dialect === 'sqlite' && file !== undefined) return file;
  const tool = dialect === 'sqlite' ? TOOLS.postgres : TOOLS[dialect];
  throw new UserError('The database is on a server, whose own tools make its backups.', { hint: tool });
}

/** A complete copy in one file, readable only by this user; a bot may keep running. Throws UserError. */
export async function backUp(databaseUrl: string, file: string): Promise<void> {
  const source = sqliteFile(databaseUrl);
  if (!existsSync(source))
    throw new UserError(`There is no database ${source}.`, { hint: 'Set NETDELTA_DATA_DIR or DATABASE_URL.' });
  if (existsSync(file))
    throw new UserError(`${file} exists already.`, { hint: 'Give another name, e.g. with the date in it.' });
  const part = `${file}.part`;
  rmSync(part, { force: true });
  // SQLite writes into an existing empty file and keeps its mode.
  closeSync(openSync(part, 'wx', 0o600));
  const database = await openDatabase(databaseUrl);
  try {
    await database.read(() => database.sequelize.query('VACUUM INTO :part', { replacements: { part } }));
    renameSync(part, file);
  } finally {
    await database.close();
    rmSync(part, { force: true });
  }
}

/**
 * Replaces the database by a backup; the old one is kept beside it. The caller makes sure that no bot runs. The backup
 * is tried first. Returns the path of the old database. Throws UserError.
 */
export async function restore(databaseUrl: string, file: string, stamp: string): Promise<string | undefined> {
  const target = sqliteFile(databaseUrl);
  if (!existsSync(file)) throw new UserError(`There is no file ${file}.`);
  const fresh = `${target}.restoring`;
  for (const end of ['', '-wal', '-shm', '.new']) rmSync(`${fresh}${end}`, { force: true });
  copyFileSync(file, fresh);
  // The backup may have come back from where it was readable for others.
  chmodSync(fresh, 0o600);
  const store = await openStore(`sqlite:${fresh}`);
  try {
    await store.migrate();
    await store.check();
    // The queue may still hold jobs of the old database: under another name, none of them is taken for this one's.
    await store.settings.set('instance-id', stamp);
  } finally {
    await store.close();
  }
  const kept = `${target}.before-${stamp}`;
  const had = existsSync(target);
  for (const end of ['', '-wal', '-shm'])
    if (existsSync(`${target}${end}`)) renameSync(`${target}${end}`, `${kept}${end}`);
  for (const end of ['-wal', '-shm']) rmSync(`${fresh}${end}`, { force: true });
  renameSync(fresh, target);
  return had ? kept : undefined;
}
