import { openDatabase } from '../app/database.ts';
import type { Config } from '../config.ts';
import { EXIT, type Io } from './io.ts';

/** `netdelta migrate [--down]`. */
export async function runMigrate(config: Config, io: Io, down: boolean): Promise<number> {
  const database = await openDatabase(config);
  try {
    if (down) {
      const taken = await database.migrateDown();
      io.stdout(taken === undefined ? 'nothing to take back' : `taken back: ${taken}`);
      return EXIT.ok;
    }
    const done = await database.migrate();
    for (const name of done) io.stdout(`done: ${name}`);
    io.stdout(done.length === 0 ? 'the database is up to date' : `the database is up to date (${done.length} new)`);
    return EXIT.ok;
  } finally {
    await database.close();
  }
}
