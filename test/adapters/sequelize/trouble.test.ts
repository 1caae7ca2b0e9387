import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Sequelize } from 'sequelize';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../../adapters/sequelize/open-store.ts';
import { StorageTrouble, UserError } from '../../../src/core/errors.ts';
import { type DatabaseServer, serverObstacle, startMariadb, startPostgres } from '../../servers/database-server.ts';
import { addGroup } from '../store-contract/samples.ts';
import { temporaryDirectory } from './databases.ts';

const isRoot = process.getuid?.() === 0;
let directory: ReturnType<typeof temporaryDirectory>;
let file: string;
beforeEach(() => {
  directory = temporaryDirectory();
  file = join(directory.path, 'netdelta.sqlite');
});
afterEach(() => directory.remove());

const troubleOf = async (work: Promise<unknown>): Promise<StorageTrouble> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof StorageTrouble) return error;
  throw new Error(`no trouble of the storage: ${error}`);
};

describe('a SQLite database', () => {
  test('of zero bytes is not taken for a new one', async () => {
    writeFileSync(file, '');
    await expect(openStore(`sqlite:${file}`)).rejects.toThrow(UserError);
    await expect(openStore(`sqlite:${file}`)).rejects.toThrow('is empty (0 bytes)');
  });

  test('whose first start was interrupted before it wrote anything is created again', async () => {
    writeFileSync(`${file}.new`, '');
    writeFileSync(file, '');
    const store = await openStore(`sqlite:${file}`);
    await store.migrate();
    await store.close();
  });

  test('that is no longer a database is reported as damaged, with what to do', async () => {
    writeFileSync(file, 'not a database at all, whatever its name says'.repeat(200));
    const trouble = await troubleOf(openStore(`sqlite:${file}`).then((store) => store.migrate()));
    expect(trouble.kind).toBe('corrupt');
    expect(trouble.hint).toContain('netdelta restore');
  });

  test('that another program holds is reported as locked, and works when it is released', async () => {
    const store = await openStore(`sqlite:${file}`);
    await store.migrate();
    const other = new Sequelize({ dialect: 'sqlite', storage: file, logging: false });
    await other.query('BEGIN EXCLUSIVE');
    expect((await troubleOf(addGroup(store))).kind).toBe('locked');
    expect(store.trouble()?.kind).toBe('locked');
    await other.query('ROLLBACK');
    await addGroup(store);
    expect(store.trouble()).toBeUndefined();
    await other.close();
    await store.close();
  });

  test.runIf(isRoot)('on a full disk says so, and continues when there is space', async () => {
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', directory.path]);
    const store = await openStore(`sqlite:${file}`);
    await store.migrate();
    const filler = join(directory.path, 'filler');
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k']);
    const trouble = await troubleOf(
      (async () => {
        for (let n = 0; n < 2_000; n++) await addGroup(store, `group-${n}`);
      })(),
    );
    expect(trouble.kind).toBe('full');
    expect(store.trouble()?.message).toMatch(/disk of the database is full/);
    spawnSync('rm', [filler]);
    await addGroup(store, 'after');
    expect(store.trouble()).toBeUndefined();
    await store.close();
  });

  test.runIf(isRoot)('on a read-only file system says so', async () => {
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', directory.path]);
    const first = await openStore(`sqlite:${file}`);
    await first.migrate();
    await first.close();
    spawnSync('mount', ['-o', 'remount,ro', directory.path]);
    const trouble = await troubleOf(openStore(`sqlite:${file}`).then((store) => store.migrate()));
    expect(trouble.kind).toBe('read-only');
  });
});

for (const [name, start] of [
  ['PostgreSQL', startPostgres],
  ['MariaDB', startMariadb],
] as const) {
  const obstacle = serverObstacle(name);
  describe.skipIf(obstacle !== undefined)(`${name}${obstacle === undefined ? '' : ` (skipped: ${obstacle})`}`, () => {
    let server: DatabaseServer;
    afterEach(() => server.close());

    test('that goes away is reported as unreachable, and is reconnected automatically', async () => {
      server = await start();
      const url = await server.create();
      const store = await openStore(url);
      await store.migrate();
      await server.kill();
      const trouble = await troubleOf(addGroup(store));
      expect(trouble.kind).toBe('away');
      expect(`${trouble.message} ${trouble.hint}`).not.toContain('only-on-loopback');
      await server.start();
      await addGroup(store);
      expect(store.trouble()).toBeUndefined();
      await server.cutConnections();
      await store.groups.list().catch(() => undefined);
      expect((await store.groups.list()).map((group) => group.name)).toEqual(['lab']);
      await store.close();
    });
  });
}
