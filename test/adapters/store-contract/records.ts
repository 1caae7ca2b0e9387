import { describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../../src/ports/store.ts';
import type { Context } from '../store-contract.ts';
import { ADMIN, page, T0 } from './samples.ts';

export function recordFacts(given: () => Context): void {
  describe('roles, audit and settings', () => {
    test('a principal has one role at most', async () => {
      const { store } = given();
      const grant = { who: 'slack:S1', role: 'viewer', grantedBy: ADMIN, grantedAt: T0 } as const;
      await store.roles.grant(grant);
      await store.roles.grant({ ...grant, role: 'admin', grantedAt: T0 + 2 });
      await store.roles.grant({ ...grant, who: 'discord:1', grantedAt: T0 + 1 });
      expect(await store.roles.list()).toEqual([
        { ...grant, who: 'discord:1', grantedAt: T0 + 1 },
        { ...grant, role: 'admin', grantedAt: T0 + 2 },
      ]);
      expect([await store.roles.revoke('slack:S1'), await store.roles.revoke('slack:S1')]).toEqual([true, false]);
    });

    test('the audit is listed newest first, since a time, and by key or name', async () => {
      const { store } = given();
      const entry = (n: number, change: Partial<AuditEntry> = {}): Omit<AuditEntry, 'id'> => ({
        at: T0 + n,
        who: `slack:U${n}`,
        name: `Ann ${n}`,
        channel: 'slack:C1',
        request: `/netdelta group add 'x"; -- ${n}`,
        outcome: 'ok',
        kind: 'deed',
        ...change,
      });
      await store.audit.add(entry(1));
      await store.audit.add(entry(2, { outcome: 'refused', detail: 'needs the role operator' }));
      await store.audit.add(entry(3, { name: 'nul \0' }));
      const { items, total } = await store.audit.list({}, page);
      expect(total).toBe(3);
      expect(items.map(({ id, ...rest }) => rest)).toEqual([
        entry(3, { name: 'nul \uFFFD' }),
        entry(2, { outcome: 'refused', detail: 'needs the role operator' }),
        entry(1),
      ]);
      const find = async (filter: { since?: number; who?: string }) =>
        (await store.audit.list(filter, page)).items.map(({ at }) => at - T0);
      expect(await find({ since: T0 + 2 })).toEqual([3, 2]);
      expect(await find({ who: 'slack:U2' })).toEqual([2]);
      expect(await find({ who: 'ann 1' })).toEqual([1]);
      for (const who of ['@ann 1', '@Ann 1', 'u1', '@U1', 'SLACK:U1']) expect(await find({ who })).toEqual([1]);
      expect(await find({ who: 'slack:U' })).toEqual([]);
      expect(await find({ who: 'ann 1', since: T0 + 2 })).toEqual([]);
    });

    test('of many simultaneous initial values the first holds', async () => {
      const { store, reopen } = given();
      const other = await reopen();
      const set = await Promise.all(
        ['a', 'b', 'c'].map((value, n) => (n % 2 ? store : other).settings.initial('id', value)),
      );
      expect(new Set(set).size).toBe(1);
      expect(await store.settings.get('id')).toBe(set[0]);
    });

    test('a setting has its last value', async () => {
      const { store } = given();
      expect(await store.settings.get('instance-id')).toBeUndefined();
      await store.settings.set('instance-id', 'a');
      await Promise.all(['b', 'c', 'd'].map((value) => store.settings.set('instance-id', value)));
      expect(await store.settings.get('instance-id')).toBe('d');
    });
  });
}
