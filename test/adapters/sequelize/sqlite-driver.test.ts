import { once } from 'node:events';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
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
