import { UserError } from '../../src/core/errors.ts';
import type { Database } from './database.ts';
import type { Migrator } from './migrator.ts';

export async function checkDatabase(database: Database, migrator: Migrator): Promise<string> {
  const pending = await migrator.pending();
  if (pending.length > 0) {
    throw new UserError(`the database lacks ${pending.length} migrations`, { hint: 'run netdelta migrate' });
  }
  const version = await database.read(() => database.sequelize.databaseVersion());
  if (database.dialect !== 'sqlite') return `${database.label}, version ${version}`;
  const [verdict] = await database.read(() => database.select<Record<string, string>>('PRAGMA quick_check(1)', {}));
  const said = Object.values(verdict ?? {})[0] ?? 'no answer';
  if (said !== 'ok') {
    throw new UserError(`the database file is damaged: ${said}`, { hint: `restore ${database.label} from a backup` });
  }
  return `SQLite ${version}, ${database.label}`;
}
