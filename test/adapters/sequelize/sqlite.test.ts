import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sqlite3 from 'sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from '../../../adapters/sequelize/database.ts';
import { type OpenedStore, openStore } from '../../../adapters/sequelize/open-store.ts';
import { StorageTrouble, UserError } from '../../../src/core/errors.ts';
import { addGroup, commitOf, host, judgingScan, service, T0, tell } from '../store-contract/samples.ts';
import { temporaryDirectory } from './databases.ts';

describe('the store on SQLite', () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let file: string;
  let store: OpenedStore;
  let database: Database;

  beforeEach(async () => {
    directory = temporaryDirectory();
    file = join(directory.path, 'netdelta.sqlite');
    store = await openStore(`sqlite:${file}`);
    await store.migrate();
    database = await openDatabase(`sqlite:${file}`);
  });
  afterEach(async () => {
    await database.close();
    await store.close();
    directory.remove();
  });

  test('a file that another program is still turning into a database is waited for', async () => {
    const other = new sqlite3.Database(join(directory.path, 'new.sqlite'));
    const run = (sql: string) =>
      new Promise((resolve, reject) => other.exec(sql, (error) => (error ? reject(error) : resolve(0))));
    await run('CREATE TABLE begun (id INTEGER); BEGIN IMMEDIATE; INSERT INTO begun VALUES (1)');
    const opening = openDatabase(`sqlite:${join(directory.path, 'new.sqlite')}`);
    await expect(Promise.race([opening.then(() => 'open'), sleep(300, 'waits')])).resolves.toBe('waits');
    await run('COMMIT');
    const opened = await opening;
    expect(await opened.select('PRAGMA journal_mode', {})).toEqual([{ journal_mode: 'wal' }]);
    await opened.close();
    await new Promise((resolve) => other.close(resolve));
  });

  test('of all connections of a database one is closed last, by itself, and leaves the one file', async () => {
    const path = join(directory.path, 'closed.sqlite');
    const opened = await openDatabase(`sqlite:${path}`);
    await opened.write((transaction) => opened.sequelize.query('CREATE TABLE one (id INTEGER)', { transaction }));
    const [whole, held] = [sqlite3.Database.prototype.close, [] as (() => void)[]];
    const close = vi.spyOn(sqlite3.Database.prototype, 'close').mockImplementation(function (
      this: sqlite3.Database,
      done,
    ) {
      held.push(() => whole.call(this, done));
    });
    try {
      await opened.snapshot((tx) => opened.select('SELECT * FROM one', {}, tx));
      const closed = opened.close();
      await sleep(100);
      expect(held).toHaveLength(1);
      held.pop()?.();
      await vi.waitUntil(() => held.length === 1);
      held.pop()?.();
      await closed;
    } finally {
      close.mockRestore();
    }
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  test('every connection has its pragmas, and only the owner may read the file', async () => {
    const names = ['journal_mode', 'foreign_keys', 'synchronous', 'busy_timeout'];
    const pragmas = async (tx?: Parameters<typeof database.select>[2]) => {
      const values = [];
      for (const name of names)
        values.push(Object.values((await database.select(`PRAGMA ${name}`, {}, tx))[0] ?? {})[0]);
      return values;
    };
    const expected = ['wal', 1, 2, 10_000];
    expect(await pragmas()).toEqual(expected);
    expect(await database.snapshot(pragmas)).toEqual(expected);
    expect(await database.write(pragmas)).toEqual(expected);
    for (const each of [file, `${file}-wal`]) expect(statSync(each).mode & 0o777).toBe(0o600);
  });

  test('a scan that changes nothing writes next to nothing', async () => {
    const { id } = await addGroup(store);
    const hosts = ['10.0.0.1', '10.0.0.2'].map((address) =>
      host(address, {
        services: [service(22), service(80, { identity: { name: 'http', method: 'table', confidence: 3 } })],
      }),
    );
    const group = { pooled: { hits: 3 } };
    const commit = async (change: object) => {
      const scan = await judgingScan(store, id);
      await store.deltas.commit(commitOf(scan, { hosts, group, ...change }));
    };
    await commit({});
    await database.sequelize.query('CREATE TABLE written (what TEXT)');
    for (const table of ['hosts', 'services', 'host_codes', 'group_memories', 'deltas']) {
      for (const change of ['INSERT', 'UPDATE', 'DELETE']) {
        await database.sequelize.query(
          `CREATE TRIGGER ${table}_${change} AFTER ${change} ON ${table}
           BEGIN INSERT INTO written VALUES ('${change} ${table}'); END`,
        );
      }
    }
    const written = async () =>
      (await database.select<{ what: string }>('SELECT what FROM written', {})).map(({ what }) => what);
    await commit({ hosts: structuredClone(hosts) });
    // The version of the belief alone.
    expect(await written()).toEqual(['UPDATE group_memories']);
    const [first, second] = hosts;
    const missed = { ...second, services: [service(22, { memory: { misses: [2] } }), second?.services[1]] };
    await commit({ hosts: [first, missed] });
    expect((await written()).toSorted()).toEqual(['UPDATE group_memories', 'UPDATE group_memories', 'UPDATE services']);
  });

  test('a writer waits for another process instead of failing, and readers don’t wait at all', async () => {
    const order: string[] = [];
    let added: Promise<unknown> = Promise.resolve();
    await database.write(async (tx) => {
      await database.tables.settings.insert({ name: 'a', value: 'b' }, tx);
      added = addGroup(store).then(() => order.push('group added'));
      expect(await store.groups.list()).toEqual([]);
      expect(await store.settings.get('a')).toBeUndefined();
      order.push('first writer done');
    });
    await added;
    expect(order).toEqual(['first writer done', 'group added']);
    expect(await store.settings.get('a')).toBe('b');
  });

  test('every answer and every undo stays on record', async () => {
    const { id } = await addGroup(store);
    const [delta_id = 0] = (await tell(store, id, ['10.0.0.1'])).deltaIds;
    const by = { by: 'slack:U1', byName: 'Ann', at: T0 };
    await store.deltas.acknowledge([delta_id], { type: 'expected', ...by, note: 'planned' });
    await store.deltas.acknowledge([delta_id], { type: 'acknowledged', ...by });
    await store.deltas.undo([delta_id], { ...by, at: T0 + 1 });
    const record = await database.tables.acknowledgements.find({ order: [['id', 'ASC']] });
    const who = { delta_id, answered_by: 'slack:U1', answered_by_name: 'Ann' };
    expect(record).toEqual([
      { id: 1, ...who, answer: 'expected', at: T0, note: 'planned' },
      { id: 2, ...who, answer: 'undone', at: T0 + 1, note: null },
    ]);
  });

  test('an error says what is wrong without the statement and its values', async () => {
    await database.sequelize.query('DROP TABLE role_grants');
    const grant = { who: 'slack:SECRET', role: 'admin', grantedBy: 'x', grantedAt: T0 } as const;
    const error: unknown = await store.roles.grant(grant).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe('DatabaseError: database: SQLITE_ERROR: no such table: role_grants');
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('SECRET');
  });

  test('work that was requested is done before the database closes, and none after', async () => {
    const adding = [addGroup(store, 'a'), addGroup(store, 'b')];
    await store.close();
    await Promise.all(adding);
    await store.close();
    await expect(store.groups.list()).rejects.toThrow();
    expect(await database.tables.groups.count({})).toBe(2);
  });
});

describe('opening a database', () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  beforeEach(() => {
    directory = temporaryDirectory();
  });
  afterEach(() => directory.remove());

  test.each([
    'postgres://bot:s3cr%40t@127.0.0.1:1/netdelta',
    'mysql://bot:s3cr%40t@127.0.0.1:1/netdelta',
    'mariadb://bot:s3cr%40t@127.0.0.1:1/netdelta',
    'oracle://bot:s3cr%40t@127.0.0.1/x',
    's3cr%40t',
  ])('%s is refused without its password', async (url) => {
    const error: unknown = await openStore(url).catch((caught: unknown) => caught);
    expect([UserError, StorageTrouble].some((kind) => error instanceof kind)).toBe(true);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/s3cr/);
  });

  test.each(['sqlite:', 'sqlite::memory:'])('%s is no file', async (url) => {
    await expect(openStore(url)).rejects.toThrow(UserError);
  });

  test('the root directory is no place for one', async () => {
    await expect(openStore('sqlite://')).rejects.toThrow(StorageTrouble);
  });

  test('a file that is no database, or no file at all, is refused by name', async () => {
    const file = join(directory.path, 'text');
    writeFileSync(file, 'this is not a database, but it is long enough to be mistaken for one\n'.repeat(100));
    await expect(openStore(`sqlite:${file}`)).rejects.toThrow(/damaged/);
    await expect(openStore(`sqlite:${join(file, 'below')}`)).rejects.toThrow(/can't be opened/);
    await expect(openStore(`sqlite:${directory.path}`)).rejects.toThrow(StorageTrouble);
  });

  test('a damaged database is reported by the check', async () => {
    const file = join(directory.path, 'damaged.sqlite');
    const store = await openStore(`sqlite:${file}`);
    await store.migrate();
    await addGroup(store);
    await store.close();
    expect(existsSync(`${file}-wal`)).toBe(false);
    const whole = readFileSync(file);
    writeFileSync(
      file,
      Buffer.concat([whole.subarray(0, 4096 * 5), Buffer.alloc(4096, 255), whole.subarray(4096 * 6)]),
    );
    const damaged = await openStore(`sqlite:${file}`);
    await expect(damaged.check()).rejects.toThrow(/damaged/);
    await damaged.close();
  });
});
