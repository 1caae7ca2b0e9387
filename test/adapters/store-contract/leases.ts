import { describe, expect, test } from 'vitest';
import type { Context } from '../store-contract.ts';
import { T0 } from './samples.ts';

const LONG = { forMs: 30_000 };

export function leaseFacts(given: () => Context): void {
  describe('leases', () => {
    test('one of many simultaneous holders gets it, and may renew it', async () => {
      const { store, reopen } = given();
      const other = await reopen();
      const asked = await Promise.all(
        ['a', 'b', 'c', 'd'].map((holder, n) =>
          (n % 2 ? store : other).leases.take('lead', holder, { now: T0, ...LONG }),
        ),
      );
      expect(asked.filter(Boolean)).toHaveLength(1);
      const holder = ['a', 'b', 'c', 'd'][asked.indexOf(true)] ?? '';
      expect(await other.leases.take('lead', holder, { now: T0 + 20_000, ...LONG })).toBe(true);
      expect(await store.leases.take('lead', 'e', { now: T0 + 40_000, ...LONG })).toBe(false);
      expect(await store.leases.take('other', 'e', { now: T0, ...LONG })).toBe(true);
    });

    test('it is free when its time is over, when it is released, and when its holder is known to be dead', async () => {
      const { leases } = given().store;
      await leases.take('lead', 'a', { now: T0, ...LONG });
      expect(await leases.take('lead', 'b', { now: T0 + 30_000, ...LONG })).toBe(true);
      await leases.release('lead', 'a');
      expect(await leases.take('lead', 'a', { now: T0 + 31_000, ...LONG })).toBe(false);
      await leases.release('lead', 'b');
      expect(await leases.take('lead', 'a', { now: T0 + 31_000, ...LONG })).toBe(true);
      expect(await leases.take('lead', 'c', { now: T0 + 32_000, ...LONG, force: true })).toBe(true);
    });

    test('one from a clock that was far ahead blocks nobody', async () => {
      const { leases } = given().store;
      await leases.take('lead', 'a', { now: T0 + 365 * 24 * 3_600_000, ...LONG });
      expect(await leases.take('lead', 'b', { now: T0, ...LONG })).toBe(true);
    });
  });
}
