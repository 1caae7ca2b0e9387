import { resolve } from 'node:path';
import { backUpDatabase, copyDatabase, restoreDatabase } from '../app/backup.ts';
import type { Config } from '../config.ts';
import { EXIT, type Io } from './io.ts';

/** `netdelta backup FILE`: works whether or not the bot runs. */
export async function runBackup(config: Config, io: Io, file: string): Promise<number> {
  await backUpDatabase(config, resolve(file));
  io.stdout(`backed up: ${resolve(file)}`);
  return EXIT.ok;
}

/** `netdelta restore FILE`: the bot must be stopped. */
export async function runRestore(config: Config, io: Io, file: string): Promise<number> {
  const kept = await restoreDatabase(config, resolve(file));
  io.stdout(`restored: ${resolve(file)}`);
  if (kept !== undefined) io.stdout(`the database that was there is now ${kept}`);
  return EXIT.ok;
}

/** `netdelta migrate --from URL --to URL`: no bot may run on either. */
export async function runCopy(io: Io, from: string, to: string): Promise<number> {
  const rows = await copyDatabase(from, to);
  io.stdout(`copied: ${rows} rows; set DATABASE_URL to the new database, then start`);
  return EXIT.ok;
}
