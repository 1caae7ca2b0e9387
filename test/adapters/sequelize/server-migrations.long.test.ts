import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../../adapters/sequelize/open-store.ts';
import { MIGRATIONS } from '../../../migrations/index.ts';
import {
  asking,
  type DatabaseServer,
  serverObstacle,
  startMariadb,
  startPostgres,
} from '../../servers/database-server.ts';
import { addGroup, commitOf, host, judgingScan, page, service, T0, tell } from '../store-contract/samples.ts';

const NAMES = MIGRATIONS.map(({ name }) => name);

for (const [name, start] of [
  ['PostgreSQL', startPostgres],
  ['MariaDB', startMariadb],
] as const) {
  const obstacle = serverObstacle(name);
  describe.skipIf(obstacle !== undefined)(`${name}${obstacle === undefined ? '' : ` (skipped: ${obstacle})`}`, () => {
    let server: DatabaseServer;
    let url: string;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.close());
    beforeEach(async () => {
      url = await server.create();
    });

    test('three first starts at once migrate once', async () => {
      const stores = await Promise.all([0, 1, 2].map(() => openStore(url)));
      const done = await Promise.all(stores.map((store) => store.migrate()));
      expect(done.flat()).toEqual(NAMES);
      for (const store of stores) await store.close();
    });

    test('a filled database goes down and up again, one step or all of them', async () => {
      const store = await openStore(url);
      await store.migrate();
      const { id } = await addGroup(store);
      const { deltaIds } = await tell(store, id, ['10.0.0.1', '10.0.0.2']);
      await store.deltas.acknowledge(deltaIds, { type: 'acknowledged', by: 'slack:U1', byName: 'x', at: T0 });
      const scan = await judgingScan(store, id);
      await store.scans.stageChunk(scan.id, 0, 1, { xml: Buffer.from('x'), outcome: 'complete' });
      await store.deltas.commit(commitOf(scan, { hosts: [host('10.0.0.1', { services: [service(22)] })] }));
      expect(await store.migrateDown()).toBe(NAMES.at(-1));
      expect(await store.migrate()).toEqual(NAMES.slice(-1));
      expect((await store.deltas.list({}, page)).total).toBe(2);
      for (const migration of [...NAMES].reverse()) expect(await store.migrateDown()).toBe(migration);
      expect(await store.migrate()).toEqual(NAMES);
      expect(await store.groups.list()).toEqual([]);
      await store.close();
    });

    test.runIf(name === 'MariaDB')(
      'one that was interrupted between a table and its index is finished by the next',
      async () => {
        const first = await openStore(url);
        await first.migrate();
        await first.close();
        await asking(url, async (sequelize) => {
          await sequelize.query('DROP INDEX scans_status ON scans');
          await sequelize.query("DELETE FROM migrations WHERE name LIKE '20261124-0120%'");
        });
        const second = await openStore(url);
        expect(await second.migrate()).toEqual(['20261124-0120-scans']);
        await addGroup(second);
        await second.close();
      },
    );
  });
}
