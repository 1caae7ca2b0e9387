import type { Transaction } from 'sequelize';
import { UserError } from '../../src/core/errors.ts';
import { type Database, openDatabase } from './database.ts';
import { createMigrator } from './migrator.ts';
import type { Table } from './table.ts';

const ROWS_A_PAGE = 500;

/**
 * Copies everything from one database to another, which must be empty, whatever kind each is: all or nothing. Both are
 * migrated first. No bot may run on either. Returns how many rows there were. Throws UserError.
 */
export async function copyDatabase(fromUrl: string, toUrl: string): Promise<number> {
  const from = await openDatabase(fromUrl);
  try {
    const to = await openDatabase(toUrl);
    try {
      for (const database of [from, to]) await createMigrator(database, () => undefined).migrate();
      return await from.snapshot((source) => to.write((target) => copyAll(from, to, source, target)));
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

async function copyAll(from: Database, to: Database, source: Transaction, target: Transaction): Promise<number> {
  if ((await to.tables.groups.count({}, target)) > 0) {
    throw new UserError(`The database ${to.label} is not empty.`, { hint: 'Copy into one that was never used.' });
  }
  // Rows that a first start creates.
  await to.tables.settings.remove({}, target);
  let rows = 0;
  const tables = Object.entries(from.tables) as [keyof Database['tables'], Table<object>][];
  for (const [name, table] of tables) {
    const into = to.tables[name] as unknown as Table<object>;
    rows += await copyTable(table, into, source, target);
    await countOn(to, into, target);
  }
  return rows;
}

async function copyTable(from: Table<object>, into: Table<object>, source: Transaction, target: Transaction) {
  const order = from.keys.map((key): [string, string] => [key, 'ASC']);
  for (let offset = 0; ; offset += ROWS_A_PAGE) {
    const rows = await from.find({ order, limit: ROWS_A_PAGE, offset } as Parameters<typeof from.find>[0], source);
    await into.insertMany(rows, target);
    if (rows.length < ROWS_A_PAGE) return offset + rows.length;
  }
}

/** PostgreSQL's id sequence does not advance for rows that are inserted with their ids. */
async function countOn({ dialect, sequelize }: Database, { name, keys }: Table<object>, transaction: Transaction) {
  const hasId = keys.length === 1 && String(keys[0]) === 'id';
  if (dialect !== 'postgres' || !hasId) return;
  const next = `SELECT setval(pg_get_serial_sequence('${name}', 'id'), COALESCE((SELECT MAX(id) FROM "${name}"), 1))`;
  await sequelize.query(next, { transaction });
}
