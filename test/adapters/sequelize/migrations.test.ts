import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../../adapters/sequelize/database.ts';
import { openStore } from '../../../adapters/sequelize/open-store.ts';
import { MIGRATIONS } from '../../../migrations/index.ts';
import { UserError } from '../../../src/core/errors.ts';
import { addGroup, commitOf, host, judgingScan, page, service, T0, tell } from '../store-contract/samples.ts';
import { temporaryDirectory } from './databases.ts';

const NAMES = MIGRATIONS.map(({ name }) => name);

/** As it is in the file, whichever columns there are besides. */
async function statusColumn(path: string): Promise<unknown[]> {
  const database = await openDatabase(`sqlite:${path}`);
  const [rows] = await database.sequelize.query('SELECT status FROM scans ORDER BY id');
  await database.close();
  return rows.map((row) => Reflect.get(Object(row), 'status'));
}

describe('migrations', () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let file: string;
  beforeEach(() => {
    directory = temporaryDirectory();
    file = join(directory.path, 'sub', 'netdelta.sqlite');
  });
  afterEach(() => directory.remove());

  /** The schema as the database itself writes it down. */
  async function schema(): Promise<string[]> {
    const database = await openDatabase(`sqlite:${file}`);
    const sql = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name";
    const rows = await database.select<{ sql: string }>(sql, {});
    await database.close();
    return rows.map((row) => row.sql);
  }

  test('names are dated, in order, and unique', () => {
    expect(NAMES).toEqual([...new Set(NAMES)].sort());
    expect(NAMES.filter((name) => !/^\d{8}-\d{4}-[a-z-]+$/.test(name))).toEqual([]);
  });

  test('up, down and up again on an empty database gives the same schema', async () => {
    const said: string[] = [];
    const store = await openStore(`sqlite:${file}`, { log: (line) => said.push(line) });
    expect(await store.pending()).toEqual(NAMES);
    await expect(store.check()).rejects.toThrow(UserError);
    expect(await store.migrate()).toEqual(NAMES);
    expect(said).toEqual(NAMES.map((name) => `migrated ${name}`));
    expect(await store.pending()).toEqual([]);
    expect(await store.migrate()).toEqual([]);
    const first = await schema();
    for (const name of [...NAMES].reverse()) expect(await store.migrateDown()).toBe(name);
    expect(await store.migrateDown()).toBeUndefined();
    expect(await schema()).toHaveLength(1);
    expect(await store.migrate()).toEqual(NAMES);
    expect(await schema()).toEqual(first);
    expect(await store.check()).toMatch(/^SQLite \d.*netdelta\.sqlite$/);
    await store.close();
  });

  test('what earlier versions stored as first determined, one row each, is still listed and counted', async () => {
    const store = await openStore(`sqlite:${file}`);
    await store.migrate();
    const { id } = await addGroup(store);
    const [old, next] = [await judgingScan(store, id), { address: '10.0.0.2', protocol: 'udp', port: 53 } as const];
    const database = await openDatabase(`sqlite:${file}`);
    await database.write((tx) =>
      database.tables.firstDetermined.insertMany(
        ['80', '443'].map((port) => ({
          ...{ group_id: id, scan_id: old.id, at: T0, address: '10.0.0.1', protocol: 'tcp', port: Number(port) },
          ...{ identity: null, subject: `10.0.0.1|tcp/${port}` },
        })),
        tx,
      ),
    );
    await database.close();
    const again = { address: '10.0.0.1', protocol: 'tcp', port: 80 } as const;
    await store.deltas.commit(commitOf(old, { firstDetermined: [again, next] }));
    expect((await store.states.firstDetermined(id)).map(({ address, port }) => `${address}:${port}`)).toEqual([
      '10.0.0.1:80',
      '10.0.0.1:443',
      '10.0.0.2:53',
    ]);
    expect(await store.states.countFirstDetermined(old.id)).toBe(4);
    await store.close();
  });

  test('up, down and up again on a filled database works, one step or all of them', async () => {
    const store = await openStore(`sqlite:${file}`);
    await store.migrate();
    const { id } = await addGroup(store);
    const { alertId, deltaIds } = await tell(store, id, ['10.0.0.1', '10.0.0.2']);
    await store.deltas.acknowledge(deltaIds, { type: 'acknowledged', by: 'slack:U1', byName: 'x', at: T0 });
    const parentId = await store.messages.want({
      subject: { type: 'alert', alert: alertId },
      channel: 'slack:C1',
      at: T0,
    });
    const subject = { type: 'alert-host', alert: alertId, host: '10.0.0.1' } as const;
    await store.messages.want({ subject, channel: 'slack:C1', parentId, at: T0 });
    const scan = await judgingScan(store, id);
    await store.scans.stageChunk(scan.id, 0, 1, { xml: Buffer.from('x'), outcome: 'complete' });
    await store.deltas.commit(commitOf(scan, { hosts: [host('10.0.0.1', { services: [service(22)] })] }));
    expect(await store.migrateDown()).toBe(NAMES.at(-1));
    expect(await store.migrate()).toEqual(NAMES.slice(-1));
    expect((await store.deltas.list({}, page)).total).toBe(2);
    for (const name of [...NAMES].reverse()) expect(await store.migrateDown()).toBe(name);
    expect(await store.migrate()).toEqual(NAMES);
    expect(await store.groups.list()).toEqual([]);
    await addGroup(store);
    await store.close();
  });

  test('what was identified is recorded from now on, and an older program judges steady hosts again', async () => {
    const store = await openStore(`sqlite:${file}`);
    await store.migrate();
    while ((await store.pending()).at(0) !== '20261201-0930-identity-reads') await store.migrateDown();
    const { id } = await addGroup(store);
    const database = await openDatabase(`sqlite:${file}`);
    const scan = await judgingScan(store, id);
    await database.sequelize.query(
      `INSERT INTO chunk_results (scan_id, chunk, attempt, outcome, xml) VALUES (${scan.id}, 0, 1, 'complete', x'78')`,
    );
    await store.migrate();
    expect(await store.scans.staged(scan.id)).toEqual([
      { chunk: 0, attempt: 1, outcome: 'complete', xml: Buffer.from('x') },
    ]);
    expect((await store.states.identityReads(id)).size).toBe(0);
    const identified = { askedAt: T0, site: 'local', hosts: [{ address: '10.0.0.1', tcp: '22' }] };
    const steady = new Map([['10.0.0.1', 'print']]);
    await store.deltas.commit(commitOf(scan, { hosts: [host('10.0.0.1')], steady, identified }));
    expect((await store.states.outline(id)).hosts.get('10.0.0.1')?.steady).toBe('print');
    while ((await store.pending()).at(0) !== '20261201-0930-identity-reads') await store.migrateDown();
    await store.migrate();
    expect((await store.states.outline(id)).hosts.get('10.0.0.1')?.steady).toBe('');
    expect((await store.states.identityReads(id)).size).toBe(0);
    expect((await store.scans.staged(scan.id)).length).toBe(1);
    await database.close();
    await store.close();
  });

  test('a group that lists the kinds it announces is converted to those it leaves out, and back', async () => {
    const store = await openStore(`sqlite:${file}`);
    await store.migrate();
    while ((await store.pending()).at(0) !== '20261130-1320-silent-kinds') await store.migrateDown();
    const database = await openDatabase(`sqlite:${file}`);
    // The kinds that existed before.
    const hosts = ['host-appeared', 'host-down', 'host-recovered', 'target-added', 'target-removed'];
    const services = ['service-added', 'service-removed', 'service-changed'];
    const all = [...hosts, ...services, 'outage', 'all-ports-open'];
    const stored = [{ alertOn: all }, { alertOn: ['outage', 'host-down'] }, {}];
    for (const [index, policy] of stored.entries()) {
      const spec = JSON.stringify({ targets: ['10.0.0.1'], policy: { downAfter: 5, ...policy } });
      const columns = '(name, folded, status, spec, created_by, created_at)';
      await database.sequelize.query(
        `INSERT INTO groups ${columns} VALUES ('g${index}', 'g${index}', 'active', '${spec}', 'console:local', 1)`,
      );
    }
    await store.migrate();
    const policies = (await store.groups.list()).map(({ policy }) => policy);
    const left = all.filter((kind) => kind !== 'outage' && kind !== 'host-down');
    expect(policies.map(({ silentKinds, downAfter }) => ({ silentKinds, downAfter }))).toEqual(
      [[], left, []].map((silentKinds) => ({ silentKinds, downAfter: 5 })),
    );
    expect(policies.filter((policy) => 'alertOn' in policy)).toEqual([]);
    while ((await store.pending()).at(0) !== '20261130-1320-silent-kinds') await store.migrateDown();
    const specs = await database.select<{ spec: string }>('SELECT spec FROM groups ORDER BY id', {});
    expect(specs.map(({ spec }) => JSON.parse(spec).policy.alertOn)).toEqual([all, ['host-down', 'outage'], all]);
    await database.close();
    await store.close();
  });

  test('an alert keeps the shape of its thread, which its messages show', async () => {
    const store = await openStore(`sqlite:${file}`);
    await store.migrate();
    const { id } = await addGroup(store);
    const alerts: number[] = [];
    for (const part of [
      { type: 'alert-host', host: '10.0.0.1' },
      { type: 'alert-kind', kind: 'service-added' },
    ] as const) {
      const { alertId: alert } = await tell(store, id, ['10.0.0.1']);
      await store.messages.want({ subject: { ...part, alert }, channel: 'slack:C1', at: T0 });
      alerts.push(alert);
    }
    while ((await store.pending()).at(0) !== '20261130-1330-alert-threads') await store.migrateDown();
    await store.migrate();
    const threads = await Promise.all(alerts.map((alert) => store.deltas.alert(alert)));
    expect(threads.map((alert) => alert?.thread)).toEqual(['hosts', 'kinds']);
    expect((await store.deltas.list({}, page)).total).toBe(2);
    await store.close();
  });

  test('an approved change of one port stays the same, and one that the earlier version can’t express is deleted', async () => {
    const store = await openStore(`sqlite:${file}`);
    await store.migrate();
    const { id: groupId } = await addGroup(store);
    const what = (first: number, last = first) => ({
      hosts: '10.0.0.5',
      ports: { protocol: 'tcp', first, last } as const,
    });
    for (const one of [what(22), what(80, 90), { hosts: '10.0.0.0/24' }]) {
      await store.holds.addExpectation({
        ...{ groupId, what: one, lasts: 'until', until: T0, createdBy: 'slack:U1', byName: 'x', createdAt: T0 },
        status: 'waiting',
      });
    }
    while ((await store.pending()).at(0) !== '20261130-1700-wide-expectations') await store.migrateDown();
    await store.migrate();
    const kept = await store.holds.expectations({});
    expect(kept.map(({ what: one, lasts }) => ({ one, lasts }))).toEqual([{ one: what(22), lasts: 'once' }]);
    await store.close();
  });

  test('a confirmation that was too late counts as superseded, and one that failed still as failed', async () => {
    const store = await openStore(`sqlite:${file}`);
    await store.migrate();
    const { id } = await addGroup(store);
    let parentId = 0;
    const end = async (kind: 'scan' | 'confirmation', error: string) => {
      const scan = await judgingScan(store, id, { kind, ...(kind === 'scan' ? {} : { parentId }) });
      await store.scans.transition(scan.id, ['judging'], 'failed', { finishedAt: T0, error });
      return scan.id;
    };
    const down = async () => {
      while ((await store.pending()).at(0) !== '20261130-1820-superseded') await store.migrateDown();
    };
    parentId = await end('scan', 'nmap gave no result');
    await end('confirmation', 'nmap gave no result');
    await end('confirmation', 'stale: a newer scan was judged first');
    await down();
    await store.migrate();
    const statuses = async () => (await store.scans.list({}, page)).items.map(({ status, error }) => [status, error]);
    const failed = ['failed', 'nmap gave no result'];
    expect(await statuses()).toEqual([['superseded', undefined], failed, failed]);
    await down();
    expect(await statusColumn(file)).toEqual(['failed', 'failed', 'failed']);
    await store.close();
  });

  test('a host from before is judged once more, and the belief about it stays', async () => {
    const store = await openStore(`sqlite:${file}`);
    await store.migrate();
    const { id } = await addGroup(store);
    const known = host('10.0.0.1', { services: [service(22)] });
    const steady = new Map([['10.0.0.1', 'as it was']]);
    await store.deltas.commit({ ...commitOf(await judgingScan(store, id), { hosts: [known] }), steady });
    expect((await store.states.outline(id)).hosts.get('10.0.0.1')?.steady).toBe('as it was');
    while ((await store.pending()).at(0) !== '20261130-2025-steady-hosts') await store.migrateDown();
    await store.migrate();
    expect((await store.states.outline(id)).hosts.get('10.0.0.1')?.steady).toBe('');
    expect(await store.states.host(id, '10.0.0.1')).toEqual(known);
    await store.close();
  });

  test('a step back from scheduled reports leaves only the schedules of scans', async () => {
    const store = await openStore(`sqlite:${file}`);
    await store.migrate();
    const { id: groupId } = await addGroup(store);
    const when = { type: 'every', ms: 3_600_000, anchor: T0 } as const;
    const schedule = {
      groupId,
      phrase: 'every 1h',
      when,
      zone: 'UTC',
      status: 'active',
      createdBy: 'slack:U1',
    } as const;
    await store.schedules.add({ ...schedule, createdAt: T0 });
    await store.schedules.add({ ...schedule, createdAt: T0, report: { format: 'png', periodMs: 1 } });
    while ((await store.pending()).at(0) !== '20261130-2030-scheduled-reports') await store.migrateDown();
    await store.migrate();
    expect((await store.schedules.list()).map(({ phrase, report }) => [phrase, report])).toEqual([
      ['every 1h', undefined],
    ]);
    await store.close();
  });

  test('schedules keep their numbers when their groups become optional, and a step back drops those of all', async () => {
    const store = await openStore(`sqlite:${file}`);
    await store.migrate();
    while ((await store.pending()).at(0) !== '20261201-0020-reports-on-all') await store.migrateDown();
    const { id: groupId } = await addGroup(store);
    const when = { type: 'every', ms: 3_600_000, anchor: T0 } as const;
    const common = { phrase: 'every 1h', when, zone: 'UTC', status: 'active', createdBy: 'slack:U1' } as const;
    const schedule = { ...common, createdAt: T0, lastDueAt: T0 + 1, activeSince: T0 + 2 };
    const first = await store.schedules.add({ ...schedule, groupId, profile: 'quick' });
    const last = await store.schedules.add({ ...schedule, groupId });
    await store.schedules.remove(last.id);
    await store.migrate();
    const all = await store.schedules.add({ ...schedule, report: { format: 'png', periodMs: 1, to: 'slack:C1' } });
    expect(all.id).toBeGreaterThan(last.id);
    expect(await store.schedules.list()).toEqual([first, all]);
    while ((await store.pending()).at(0) !== '20261201-0020-reports-on-all') await store.migrateDown();
    expect(await store.schedules.list()).toEqual([first]);
    await store.migrate();
    await store.groups.remove(groupId);
    expect(await store.schedules.list()).toEqual([]);
    await store.close();
  });

  test('two processes that start at once migrate once', async () => {
    const stores = await Promise.all([0, 1, 2].map(() => openStore(`sqlite:${file}`)));
    const done = await Promise.all(stores.map((store) => store.migrate()));
    expect(done.flat()).toEqual(NAMES);
    for (const store of stores) await store.close();
  });

  test('a migration that fails leaves the database as it was', async () => {
    const database = await openDatabase(`sqlite:${file}`);
    await database.sequelize.query('CREATE TABLE group_routes (something_else INTEGER)');
    const before = await schema();
    const store = await openStore(`sqlite:${file}`);
    await expect(store.migrate()).rejects.toThrow(/migration 20261124-0110-groups failed: .*group_id/);
    expect(await schema()).toEqual(before);
    await database.sequelize.query('DROP TABLE group_routes');
    expect(await store.migrate()).toEqual(NAMES);
    await store.close();
    await database.close();
  });

  test('a database of a newer NetDelta is refused', async () => {
    const store = await openStore(`sqlite:${file}`);
    await store.migrate();
    const database = await openDatabase(`sqlite:${file}`);
    await database.sequelize.query("INSERT INTO migrations (name) VALUES ('29991231-0000-future')");
    for (const refused of [store.migrate, store.migrateDown, store.pending, store.check]) {
      await expect(refused()).rejects.toThrow(/newer NetDelta \(29991231-0000-future\)/);
    }
    await database.close();
    await store.close();
  });

  test('a copy of the file is a whole database', async () => {
    const store = await openStore(`sqlite:${file}`);
    await store.migrate();
    await addGroup(store);
    await store.close();
    const copy = join(directory.path, 'copy.sqlite');
    copyFileSync(file, copy);
    const other = await openStore(`sqlite://${copy}`);
    expect((await other.groups.list()).map(({ name }) => name)).toEqual(['lab']);
    await other.close();
  });
});
