import { describe, expect, test } from 'vitest';
import { WEEK_MS } from '../../../src/core/report/report.ts';
import type { Context } from '../store-contract.ts';
import { addGroup, commitOf, host, judgingScan, service, T0, tell } from './samples.ts';

export function reportFacts(given: () => Context): void {
  describe('reports', () => {
    test('count changes by week, answers by grade, hosts by status and services as they came', async () => {
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
  });
}
