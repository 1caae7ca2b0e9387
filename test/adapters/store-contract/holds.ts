import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import type { Expectation, MaintenanceWindow, Mute } from '../../../src/core/model/hold.ts';
import type { Context } from '../store-contract.ts';
import { ADMIN, addGroup, T0 } from './samples.ts';

const by = { createdBy: ADMIN, byName: 'Ann "the admin"', reason: 'moving the rack' };

export function holdFacts(given: () => Context): void {
  describe('holds', () => {
    test('a mute exists until it is ended, once', async () => {
      const { store } = given();
      const { id: groupId } = await addGroup(store);
      const mute: Omit<Mute, 'id'> = {
        what: '10.0.0.5:22/tcp',
        match: { groupId, address: '10.0.0.5', protocol: 'tcp', port: 22 },
        from: T0,
        until: T0 + 100,
        ...by,
      };
      const added = await store.holds.addMute(mute);
      const { reason, ...short } = mute;
      const everywhere = await store.holds.addMute({ ...short, match: { kind: 'host-down' } });
      expect(await store.holds.mutes()).toEqual([
        { ...mute, id: added.id },
        { ...short, match: { kind: 'host-down' }, id: everywhere.id },
      ]);
      expect(reason).toBe(by.reason);
      const ends = [store.holds.endMute(added.id, T0 + 200), store.holds.endMute(added.id, T0 + 201)];
      expect((await Promise.all(ends)).sort()).toEqual([false, true]);
      expect((await store.holds.mutes()).map(({ id }) => id)).toEqual([everywhere.id]);
    });

    test('a window remembers what it has reported', async () => {
      const { store } = given();
      const { id: groupId } = await addGroup(store);
      const window: Omit<MaintenanceWindow, 'id'> = {
        groupId,
        phrase: 'weekly sun 02:00',
        when: { type: 'cron', expression: '0 2 * * 0', zone: 'UTC' },
        zone: 'UTC',
        durationMs: 7_200_000,
        createdAt: T0,
        ...by,
      };
      const { id } = await store.holds.addWindow(window);
      const once = await store.holds.addWindow({ ...window, when: { type: 'once', at: T0 } });
      await store.holds.toldWindow(id, T0 + 5);
      expect(await store.holds.windows(groupId)).toEqual([{ ...window, id, toldUntil: T0 + 5 }, once]);
      expect(await store.holds.windows(groupId + 1)).toEqual([]);
      expect([await store.holds.removeWindow(id), await store.holds.removeWindow(id)]).toEqual([true, false]);
      expect(await store.holds.windows()).toEqual([once]);
      await expect(store.holds.addWindow({ ...window, groupId: 99 })).rejects.toThrow(UserError);
    });

    test('an expectation changes its status and is found by it', async () => {
      const { store } = given();
      const { id: groupId } = await addGroup(store);
      const expectation: Omit<Expectation, 'id'> = {
        groupId,
        what: { hosts: '10.0.0.5', ports: { protocol: 'udp', first: 53, last: 53 } },
        lasts: 'once',
        until: T0 + 1000,
        ticket: 'NET-1',
        createdAt: T0,
        status: 'waiting',
        ...by,
      };
      const { id } = await store.holds.addExpectation(expectation);
      expect(await store.holds.expectations({ groupId, status: 'waiting' })).toEqual([{ ...expectation, id }]);
      expect(await store.holds.setExpectation(id, 'missing')).toBe(true);
      expect(await store.holds.setExpectation(id, 'missing')).toBe(false);
      expect(await store.holds.expectations({ status: 'waiting' })).toEqual([]);
      expect(await store.holds.expectations({})).toEqual([{ ...expectation, id, status: 'missing' }]);
    });
  });
}
