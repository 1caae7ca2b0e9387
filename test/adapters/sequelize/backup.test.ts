import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backUp, restore } from '../../../adapters/sequelize/backup.ts';
import { copyDatabase } from '../../../adapters/sequelize/copy-database.ts';
import { type OpenedStore, openStore } from '../../../adapters/sequelize/open-store.ts';
import { UserError } from '../../../src/core/errors.ts';
import { type DatabaseServer, serverObstacle, startMariadb, startPostgres } from '../../servers/database-server.ts';
import { addGroup, page } from '../store-contract/samples.ts';
import { temporaryDirectory } from './databases.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let url: string;
const at = (name: string) => join(directory.path, name);
beforeEach(() => {
  directory = temporaryDirectory();
  url = `sqlite:${at('n.sqlite')}`;
});
afterEach(() => directory.remove());

/** A database that the released program of commit d381f3f made, with data in it. */
function released(): void {
  const packed = readFileSync(new URL('../../fixtures/upgrade/d381f3f.sqlite.gz', import.meta.url));
  writeFileSync(at('n.sqlite'), gunzipSync(packed));
}

async function using<T>(address: string, work: (store: OpenedStore) => Promise<T>): Promise<T> {
  const store = await openStore(address);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** What must survive unchanged. */
async function contents(store: OpenedStore) {
  const [lab, dmz] = await store.groups.list();
  return {
    groups: [lab, dmz],
    belief: await store.states.load(lab?.name === 'lab' ? lab.id : (dmz?.id ?? 0)),
    deltas: (await store.deltas.list({}, page)).items,
    scans: (await store.scans.list({}, page)).items,
    schedules: await store.schedules.list(),
    roles: await store.roles.list(),
    audit: (await store.audit.list({}, page)).items,
    messages: await Promise.all([1, 2].map((id) => store.messages.byId(id))),
    instance: await store.settings.get('instance-id'),
  };
}

describe('a database of the released program', () => {
  test('is migrated completely, and a rollback and another upgrade lose nothing of it', async () => {
    released();
    await using(url, async (store) => {
      const added = await store.migrate();
      const upgraded = await contents(store);
      expect(upgraded.deltas.map(({ acknowledgement }) => acknowledgement.type).sort()).toEqual([
        'acknowledged',
        'open',
      ]);
      expect(upgraded.groups.map((group) => group?.name)).toEqual(['dmz', 'lab']);
      expect(upgraded.schedules).toMatchObject([{ phrase: 'daily 02:00', status: 'active' }]);
      expect(upgraded.belief.hosts.get('10.0.0.1')?.services).toHaveLength(1);
      for (const name of [...added].reverse()) expect(await store.migrateDown()).toBe(name);
      expect(await store.migrate()).toEqual(added);
      expect(await contents(store)).toEqual({ ...upgraded, belief: { ...upgraded.belief, version: 0 } });
    });
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

    test('takes everything from a SQLite database, continues its ids, and gives it back', async () => {
      server = await start();
      released();
      const target = await server.create();
      await copyDatabase(url, target);
      const before = await using(url, contents);
      expect(await using(target, contents)).toEqual(before);
      await using(target, async (store) => {
        const { id } = await addGroup(store, 'new');
        expect(id).toBeGreaterThan(2);
      });
      await expect(copyDatabase(url, target)).rejects.toThrow('is not empty');
      await copyDatabase(target, `sqlite:${at('back.sqlite')}`);
      const back = await using(`sqlite:${at('back.sqlite')}`, (store) => store.groups.list());
      expect(back.map((group) => group.name).sort()).toEqual(['dmz', 'lab', 'new']);
    });

    test('is backed up with its own tools, which are named', async () => {
      server = await start();
      await expect(backUp(await server.create(), at('b'))).rejects.toThrow(UserError);
    });
  });
}

describe('a backup', () => {
  test('is made while the bot writes, for this user alone, and restores the state at that time', async () => {
    await using(url, async (store) => {
      await store.migrate();
      await addGroup(store);
      await backUp(url, at('backup'));
      await addGroup(store, 'later');
    });
    expect(statSync(at('backup')).mode & 0o777).toBe(0o600);
    chmodSync(at('backup'), 0o644);
    const kept = await restore(url, at('backup'), 'stamp');
    expect(statSync(at('n.sqlite')).mode & 0o777).toBe(0o600);
    expect(await using(url, async (store) => (await store.groups.list()).map((group) => group.name))).toEqual(['lab']);
    expect(await using(url, (store) => store.settings.get('instance-id'))).toBe('stamp');
    expect(await using(`sqlite:${kept}`, async (store) => (await store.groups.list()).length)).toBe(2);
  });

  test('does not replace another file, and a damaged one does not replace the database', async () => {
    await using(url, (store) => store.migrate());
    writeFileSync(at('there'), 'x');
    await expect(backUp(url, at('there'))).rejects.toThrow('exists already');
    writeFileSync(at('damaged'), 'this is no database'.repeat(500));
    await expect(restore(url, at('damaged'), 'stamp')).rejects.toThrow();
    expect(existsSync(at('n.sqlite'))).toBe(true);
    await using(url, (store) => store.check());
  });
});
