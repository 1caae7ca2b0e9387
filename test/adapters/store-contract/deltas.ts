import { describe, expect, test } from 'vitest';
import { deltaKey } from '../../../src/core/model/delta.ts';
import type { DeltaFilter } from '../../../src/ports/store.ts';
import type { Context } from '../store-contract.ts';
import { addGroup, commitOf, fresh, judgingScan, newDelta, page, T0, tell } from './samples.ts';

export function deltaFacts(given: () => Context): void {
  describe('deltas', () => {
    test('a delta is read back with everything that the judge reported', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const identity = { name: 'http', product: '<!channel> \\ "nginx"', method: 'probed', confidence: 10 } as const;
      const whole = {
        before: { present: false },
        after: { present: true, identity },
        members: ['10.0.0.1', '10.0.0.2'],
        heldBack: 'mute 3 by "o\'hara"',
        state: 'suppressed',
        riskHint: 'telnet sends passwords in clear text',
        firstSeen: T0 - 5,
        lastSeen: T0,
      } as const;
      const { deltaIds, scan } = await tell(store, id, ['10.0.0.1'], whole);
      expect(await store.deltas.byId(deltaIds[0] ?? 0)).toMatchObject(newDelta(scan, '10.0.0.1', whole));
      const { protocol, port, ...bare } = newDelta(scan, '10.1.0.0/16', { kind: 'outage' });
      const next = await judgingScan(store, id);
      const { deltaIds: outage } = await store.deltas.commit(commitOf(next, { newDeltas: fresh([bare]) }));
      const stored = await store.deltas.byId(outage[0] ?? 0);
      expect(stored).toEqual({ ...bare, id: outage[0], repeats: 0, acknowledgement: { type: 'open' } });
      expect([protocol, port]).toEqual(['tcp', 23]);
    });

    test('each part of a filter narrows the list, newest first', async () => {
      const { store } = given();
      const one = await addGroup(store);
      const two = await addGroup(store, 'two');
      const first = await tell(store, one.id, ['10.0.0.1', '10.0.0.2']);
      const second = await tell(store, two.id, ['10.0.0.1'], { kind: 'host-down', state: 'suppressed', at: T0 + 100 });
      const [a = 0, b = 0] = first.deltaIds;
      const [c = 0] = second.deltaIds;
      await store.deltas.acknowledge([a], { type: 'acknowledged', by: 'slack:U1', byName: 'x', at: T0 });
      const ids = async (filter: DeltaFilter) => (await store.deltas.list(filter, page)).items.map(({ id }) => id);
      expect(await ids({})).toEqual([c, b, a]);
      expect(await ids({ groupId: one.id })).toEqual([b, a]);
      expect(await ids({ states: ['suppressed', 'candidate'] })).toEqual([c]);
      expect(await ids({ states: [] })).toEqual([]);
      expect(await ids({ acknowledgement: 'open' })).toEqual([c, b]);
      expect(await ids({ acknowledgement: 'answered' })).toEqual([a]);
      expect(await ids({ kind: 'host-down' })).toEqual([c]);
      expect(await ids({ since: T0 + 6 })).toEqual([c]);
      expect(await ids({ alertId: first.alertId })).toEqual([b, a]);
      expect(await ids({ address: '10.0.0.1' })).toEqual([c, a]);
      expect(await ids({ ids: [a, c, 999] })).toEqual([c, a]);
      expect(await ids({ ids: [] })).toEqual([]);
      const paged = await store.deltas.list({}, { limit: 1, offset: 1 });
      expect([paged.total, paged.items[0]?.id]).toEqual([3, b]);
      expect(await store.deltas.countOpen()).toEqual(new Map([[one.id, 1]]));
    });

    test('the latest delta of a key is the newest one that was not refuted', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const other = await addGroup(store, 'other');
      await tell(store, other.id, ['10.0.0.1']);
      const [first = 0] = (await tell(store, id, ['10.0.0.1'])).deltaIds;
      const [candidate = 0] = (await tell(store, id, ['10.0.0.1'], { state: 'candidate' })).deltaIds;
      await tell(store, id, ['10.0.0.2'], { state: 'refuted' });
      const keys = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address) =>
        deltaKey({ kind: 'service-added', address, protocol: 'tcp', port: 23 }),
      );
      const latest = async () => [...(await store.deltas.latestByKey(id, keys))].map(([key, delta]) => [key, delta.id]);
      expect(await latest()).toEqual([[keys[0], candidate]]);
      const scan = await judgingScan(store, id);
      await store.deltas.commit(commitOf(scan, { changedDeltas: [{ id: candidate, state: 'refuted' }] }));
      expect(await latest()).toEqual([[keys[0], first]]);
      const many = Array.from({ length: 1200 }, (_, n) => `service-added|10.9.0.1|tcp/${n}`);
      expect((await store.deltas.latestByKey(id, [...many, ...keys])).size).toBe(1);
      expect((await store.deltas.latestByKey(id, [])).size).toBe(0);
    });

    test('candidates are open until they are confirmed or refuted, and a hold has its reason', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const [a = 0, b = 0] = (await tell(store, id, ['10.0.0.1', '10.0.0.2'], { state: 'candidate' })).deltaIds;
      expect((await store.deltas.openCandidates(id)).map((delta) => delta.id)).toEqual([a, b]);
      const scan = await judgingScan(store, id);
      const held = { id: a, state: 'suppressed', heldBack: 'mute 1' } as const;
      await store.deltas.commit(commitOf(scan, { changedDeltas: [held] }));
      expect((await store.deltas.openCandidates(id)).map((delta) => delta.id)).toEqual([b]);
      await store.deltas.hold([a, b], 'window 2');
      expect(await store.deltas.byId(a)).toMatchObject({ state: 'suppressed', heldBack: 'window 2' });
      expect(await store.deltas.byId(b)).toMatchObject({ state: 'candidate' });
      expect((await store.holds.heldBack('window 2', T0)).map((delta) => delta.id)).toEqual([a]);
      expect(await store.holds.heldBack('window', T0)).toEqual([]);
    });

    test('the ports that appeared with a new host are part of it until somebody answers it', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const [item = 0, port = 0] = (await tell(store, id, ['10.0.0.9', '10.0.0.9'])).deltaIds;
      await tell(store, id, ['10.0.0.9']);
      const scan = await judgingScan(store, id);
      const host = { id: item, kind: 'host-appeared', address: '10.0.0.9' } as const;
      await store.deltas.commit(commitOf(scan, { changedDeltas: [host] }));
      expect(await store.deltas.contents()).toEqual(new Map([[port, { item, over: false }]]));
      expect(await store.deltas.countOpen()).toEqual(new Map([[id, 2]]));
      await store.deltas.resolve([item], T0 + 7);
      expect(await store.deltas.contents()).toEqual(new Map([[port, { item, over: true }]]));
      const answer = { type: 'acknowledged', by: 'slack:U1', byName: 'ann', at: T0 + 8 } as const;
      await store.deltas.acknowledge([item], answer);
      expect(await store.deltas.contents()).toEqual(new Map());
      expect(await store.deltas.countOpen()).toEqual(new Map([[id, 2]]));
    });

    test('a hold keeps its deltas, however old, until they are over', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const held = { state: 'suppressed', heldBack: 'window 2' } as const;
      const [a = 0] = (await tell(store, id, ['10.0.0.1'], held)).deltaIds;
      const heldSince = async (at: number) => (await store.holds.heldBack('window 2', at)).map((delta) => delta.id);
      expect(await heldSince(T0 + 6)).toEqual([a]);
      await store.deltas.resolve([a], T0 + 7);
      expect([await heldSince(T0), await heldSince(T0 + 6)]).toEqual([[a], []]);
    });

    test('a released delta is open in the alert of its scan, which is opened if there was none', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const held = { state: 'suppressed', heldBack: 'mute 1' } as const;
      const [a = 0] = (await tell(store, id, ['10.0.0.1'], held)).deltaIds;
      const told = { groupId: id, at: T0 + 9, reason: 'mute 1 has ended', thread: 'hosts' } as const;
      expect([await store.deltas.release([a], told), await store.deltas.release([a], told)]).toEqual([[a], []]);
      const released = await store.deltas.byId(a);
      expect(released?.state).toBe('confirmed');
      const { scanId = 0, alertId = 0 } = released ?? {};
      expect((await store.deltas.alertOfScan(scanId))?.id).toBe(alertId);
    });

    test('a change to another group’s delta changes nothing', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const other = await addGroup(store, 'other');
      const [deltaId = 0] = (await tell(store, other.id, ['10.0.0.1'])).deltaIds;
      const scan = await judgingScan(store, id);
      await store.deltas.commit(commitOf(scan, { changedDeltas: [{ id: deltaId, state: 'refuted' }] }));
      expect((await store.deltas.byId(deltaId))?.state).toBe('confirmed');
    });
  });
}
