import { once } from 'node:events';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSqliteDriver } from '../../../adapters/sequelize/sqlite-driver.ts';
import { temporaryDirectory } from './databases.ts';

const COLUMNS = 'PRAGMA table_info(`notes`)';

let directory: ReturnType<typeof temporaryDirectory>;
let database: sqlite3.Database;
let statements: string[];

beforeEach(async () => {
  directory = temporaryDirectory();
  const { Database } = createSqliteDriver().module;
  database = new Database(join(directory.path, 'netdelta.sqlite'), sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE, () =>
    database.emit('ready'),
  );
  await once(database, 'ready');
  await all('CREATE TABLE notes (id INTEGER)');
  statements = [];
  database.on('trace', (sql: string) => statements.push(sql));
});
afterEach(async () => {
  await new Promise((resolve) => {
    database.close(resolve);
  });
  directory.remove();
});

function all(sql: string): Promise<object[]> {
  return new Promise((resolve, reject) => {
    database.all(sql, (error: Error | null, rows: object[]) => (error === null ? resolve(rows) : reject(error)));
  });
}

const names = async () => (await all(COLUMNS)).map((row) => 'name' in row && row.name);

it('the columns of a table are asked for once', async () => {
  for (let time = 0; time < 3; time++) expect(await names()).toEqual(['id']);
  await all('SELECT * FROM notes');
  await expect.poll(() => statements).toEqual([COLUMNS, 'SELECT * FROM notes']);
});

it('a migration that adds a column is seen, and so is one that is taken back', async () => {
  expect(await names()).toEqual(['id']);
  await all('BEGIN IMMEDIATE TRANSACTION;');
  await all('ALTER TABLE notes ADD COLUMN words TEXT');
  expect(await names()).toEqual(['id', 'words']);
  await all('ROLLBACK;');
  expect(await names()).toEqual(['id']);
});

describe('the connection of a transaction', () => {
  const file = () => join(directory.path, 'netdelta.sqlite');
  let driver: ReturnType<typeof createSqliteDriver>;
  beforeEach(() => {
    driver = createSqliteDriver();
  });
  afterEach(() => driver.closed());

  async function opened(): Promise<sqlite3.Database> {
    const failed = await new Promise<[sqlite3.Database, Error | null]>((resolve) => {
      const connection = new driver.module.Database(file(), sqlite3.OPEN_READWRITE, (error) =>
        resolve([connection, error]),
      );
    });
    expect(failed[1]).toBeNull();
    return failed[0];
  }
  const run = (connection: sqlite3.Database, sql: string) =>
    new Promise<string>((resolve) => {
      connection.run(sql, (error: Error | null) => resolve(error?.message ?? 'done'));
    });

  it('is the next one’s after a commit, with its pragmas', async () => {
    const first = await opened();
    await run(first, 'BEGIN IMMEDIATE TRANSACTION');
    await run(first, 'COMMIT');
    first.close();
    const second = await opened();
    expect(second).toBe(first);
    const [keys] = await new Promise<object[]>((resolve) => {
      second.all('PRAGMA foreign_keys', (_: Error | null, rows: object[]) => resolve(rows));
    });
    expect(keys).toEqual({ foreign_keys: 1 });
    second.close();
  });

  it('is closed when its transaction has not ended, so that nobody waits for it', async () => {
    const first = await opened();
    await run(first, 'BEGIN IMMEDIATE TRANSACTION');
    first.close();
    const second = await opened();
    expect(second).not.toBe(first);
    expect(await run(second, 'BEGIN IMMEDIATE TRANSACTION')).toBe('done');
    second.close();
  });

  it('is closed after a rollback: a statement of the failed work that comes late gets into no other', async () => {
    const first = await opened();
    await run(first, 'BEGIN IMMEDIATE TRANSACTION');
    await run(first, 'ROLLBACK');
    first.close();
    const second = await opened();
    expect(second).not.toBe(first);
    await run(second, 'BEGIN IMMEDIATE TRANSACTION');
    expect(await run(first, 'INSERT INTO notes (id) VALUES (1)')).not.toBe('done');
    await run(second, 'COMMIT');
    expect(await all('SELECT * FROM notes')).toEqual([]);
    second.close();
  });

  it('is closed when its end failed', async () => {
    const first = await opened();
    await run(first, 'BEGIN IMMEDIATE TRANSACTION');
    await run(first, 'COMMIT');
    expect(await run(first, 'COMMIT')).toContain('no transaction is active');
    first.close();
    expect(await opened()).not.toBe(first);
  });

  it('is not kept once the database is to be closed', async () => {
    const [first, second] = [await opened(), await opened()];
    for (const one of [first, second]) {
      await run(one, 'BEGIN DEFERRED TRANSACTION');
      await run(one, 'COMMIT');
    }
    first.close();
    await driver.closed();
    expect(await run(first, 'SELECT 1')).toContain('closed');
    second.close();
    await driver.closed();
    expect(await run(second, 'SELECT 1')).toContain('closed');
  });
});
