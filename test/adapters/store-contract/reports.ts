import { describe, expect, test } from 'vitest';
import { WEEK_MS } from '../../../src/core/report/report.ts';
import type { Context } from '../store-contract.ts';
import { addGroup, commitOf, fresh, host, judgingScan, newDelta, service, T0, tell } from './samples.ts';

export function reportFacts(given: () => Context): void {
  describe('reports', () => {
    test('count changes by week, answers by grade, hosts by status and services over time', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const other = await addGroup(store, 'other');
      await tell(store, other.id, ['10.0.0.9']);
      const { deltaIds } = await tell(store, id, ['10.0.0.1', '10.0.0.2', '10.0.0.2']);
      const scan = await judgingScan(store, id);
      await store.deltas.commit(
        commitOf(scan, { hosts: [host('10.0.0.1', { services: [service(22), service(80)] })] }),
      );
      const [{ at = 0 } = {}] = (await store.deltas.list({ ids: deltaIds }, { limit: 1, offset: 0 })).items;
      const answer = { type: 'acknowledged', by: 'slack:U1', byName: 'ann', at: at + 60_000 } as const;
      await store.deltas.acknowledge(deltaIds.slice(0, 1), answer);
      const counts = await store.reports.counts([id], T0 - 2 * WEEK_MS - 1000);
      expect(counts.changes).toEqual([expect.objectContaining({ week: 2, count: 3 })]);
      expect(counts.answers.map((row) => [row.answer, row.count]).sort()).toEqual([
        ['acknowledged', 1],
        ['open', 2],
      ]);
      await store.deltas.resolve(deltaIds.slice(1, 2), T0);
      const later = await store.reports.counts([id], T0 - 2 * WEEK_MS - 1000);
      expect(later.answers.map((row) => [row.answer, row.count]).sort()).toEqual([
        ['acknowledged', 1],
        ['open', 1],
        ['over', 1],
      ]);
      expect(counts.waits).toEqual([60_000]);
      expect(counts.codes).toMatchObject([{ groupId: id, count: 1 }]);
      expect(counts.noisiest).toMatchObject([{ count: 2, address: '10.0.0.2' }, { count: 1 }]);
      expect(counts.services.reduce((sum, { up, down }) => sum + up - down, 0)).toBe(2);
      expect(counts.scans).toMatchObject([{ groupId: id, done: 2, failed: 0 }]);
      expect((await store.reports.counts([], T0)).changes).toEqual([]);
      const both = await store.reports.counts([id, other.id], T0 - 2 * WEEK_MS - 1000);
      expect(both.changes, 'groups are summed by the database').toMatchObject([{ week: 2, count: 4 }]);
    });

    test('show a new host once, together with its open ports, as in lists', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const scan = await judgingScan(store, id);
      const news = [
        newDelta(scan, '10.0.0.1', { kind: 'host-appeared' }),
        newDelta(scan, '10.0.0.1', { port: 22 }),
        newDelta(scan, '10.0.0.1', { port: 80 }),
        newDelta(scan, '10.0.0.2', { port: 80 }),
      ];
      const { deltaIds } = await store.deltas.commit(commitOf(scan, { newDeltas: fresh(news) }));
      const open = await store.deltas.countOpen();
      const counted = async () => {
        const { changes, answers, noisiest } = await store.reports.counts([id], T0 - WEEK_MS);
        const sum = (rows: readonly { count: number }[]) => rows.reduce((all, { count }) => all + count, 0);
        const openNow = sum(answers.filter(({ answer }) => answer === 'open'));
        return [sum(changes), openNow, sum(answers) - openNow, ...noisiest.map(({ count }) => count)];
      };
      expect(open.get(id)).toBe(2);
      expect(await counted()).toEqual([2, 2, 0, 1, 1]);
      const answer = { type: 'acknowledged', by: 'slack:U1', byName: 'ann', at: T0 + 60_000 } as const;
      await store.deltas.acknowledge(deltaIds.slice(0, 3), answer);
      expect(await counted()).toEqual([2, 1, 1, 1, 1]);
    });

    test('show since when hosts are undetermined, the longest first, and when a group was last scanned, however long ago', async () => {
      const { store } = given();
      const [lab, other] = [await addGroup(store), await addGroup(store, 'other')];
      const unseen = (address: string, lastSeen: number) => host(address, { code: 'undetermined', lastSeen });
      const scan = await judgingScan(store, lab.id);
      const hosts = [
        host('10.0.0.1'),
        unseen('10.0.0.2', T0 - 2000),
        unseen('10.0.0.3', T0 - 5000),
        host('10.0.0.4', { code: 'undetermined', firstSeen: T0 - 3000 }),
        host('10.0.0.5', { code: 'down', present: false, lastSeen: T0 - 9000 }),
      ];
      await store.deltas.commit(commitOf(scan, { hosts }));
      const late = T0 + 60 * WEEK_MS;
      const counts = await store.reports.counts([lab.id, other.id], late);
      expect(counts.unseenSince).toEqual([{ groupId: lab.id, since: T0 - 5000 }]);
      expect(counts.unseen.map(({ address, since, what }) => [address, since - T0, what])).toEqual([
        ['10.0.0.3', -5000, 'host'],
        ['10.0.0.2', -2000, 'host'],
        ['10.0.0.4', 5, 'ports'],
      ]);
      expect(counts.scans).toEqual([{ groupId: lab.id, done: 0, failed: 0, lastDone: expect.any(Number) }]);
    });
  });
}
