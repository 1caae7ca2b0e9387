import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../../../src/ports/store.ts';
import type { Context } from '../store-contract.ts';
import { addGroup, commitOf, judgingScan, T0, tell } from './samples.ts';

const brief = (events: readonly RecordedEvent[]) => events.map(({ type, deltaIds }) => [type, deltaIds]);

export function eventFacts(given: () => Context): void {
  describe('events', () => {
    test('a judged scan records its alert and its end, in this order', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const { alertId, deltaIds, scan } = await tell(store, id, ['10.0.0.1', '10.0.0.2']);
      const events = await store.events.undispatched(10);
      expect(brief(events)).toEqual([
        ['alert-opened', deltaIds],
        ['scan-done', []],
      ]);
      expect(events[0]).toMatchObject({ groupId: id, alertId, scanId: scan.id });
    });

    test('a scan that changes nothing records only its end', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      await store.deltas.commit(commitOf(await judgingScan(store, id), {}));
      expect(brief(await store.events.undispatched(10))).toEqual([['scan-done', []]]);
    });

    test('a refused commit records none', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const scan = await judgingScan(store, id);
      await store.deltas.commit(commitOf(scan, {}));
      await store.deltas.commit(commitOf(scan, {}));
      expect(await store.events.undispatched(10)).toHaveLength(1);
    });

    test('an answer and its undo are events, a second answer is not', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const { deltaIds, alertId } = await tell(store, id, ['10.0.0.1', '10.0.0.2']);
      const [first = 0] = deltaIds;
      const answer = { type: 'acknowledged', by: 'slack:U1', byName: 'ann', at: T0 } as const;
      await store.deltas.acknowledge([first], answer);
      await store.deltas.acknowledge([first], { ...answer, by: 'slack:U2' });
      await store.deltas.undo([first], { by: 'slack:U1', byName: 'ann', at: T0 + 1 });
      const events = (await store.events.undispatched(10)).slice(2);
      expect(events).toMatchObject([
        { type: 'delta-answered', groupId: id, alertId, deltaIds: [first], at: T0, answer },
        { type: 'delta-answered', deltaIds: [first], at: T0 + 1, answer: { type: 'open' }, by: 'slack:U1' },
      ]);
    });

    test('a failed scan is an event, once', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const scan = await judgingScan(store, id);
      const ended = { finishedAt: T0 + 5, error: 'nmap gave no result' };
      expect(await store.scans.transition(scan.id, ['judging'], 'failed', ended)).toBe(true);
      expect(await store.scans.transition(scan.id, ['judging'], 'failed', ended)).toBe(false);
      const events = await store.events.undispatched(10);
      expect(events).toMatchObject([{ type: 'scan-failed', scanId: scan.id, at: T0 + 5 }]);
    });

    test('a dispatched event is not dispatched again, and is one message per place', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      await store.events.record({ type: 'test', groupId: id, at: T0, deltaIds: [], by: 'slack:U1' });
      const [event] = await store.events.undispatched(10);
      const number = event?.id ?? 0;
      const places = [
        { event: number, channel: 'file:a' },
        { event: number, channel: 'file:b', deltas: [7] },
      ];
      await store.events.dispatch([number], places, T0);
      await store.events.dispatch([number], [], T0);
      expect(await store.events.undispatched(10)).toEqual([]);
      const claimed = await store.messages.claim({ now: T0, leaseMs: 1000, platforms: ['file'], limit: 5 });
      expect(claimed.map(({ channel, subject }) => [channel, subject])).toEqual([
        ['file:a', { type: 'event', event: number }],
        ['file:b', { type: 'event', event: number, deltas: [7] }],
      ]);
      expect(await store.events.byId(number)).toMatchObject({ type: 'test', by: 'slack:U1' });
    });

    test('old events are deleted with their messages, but not while one waits to be sent', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      for (const at of [T0, T0 + 1]) await store.events.record({ type: 'test', groupId: id, at, deltaIds: [] });
      const ids = (await store.events.undispatched(10)).map((event) => event.id);
      await store.events.dispatch(
        ids,
        ids.map((event) => ({ event, channel: 'file:a' })),
        T0,
      );
      const [sent] = await store.messages.claim({ now: T0, leaseMs: 1000, platforms: ['file'], limit: 5 });
      await store.messages.delivered(sent?.id ?? 0, 1, { id: 'x' });
      expect(await store.events.prune(T0)).toBe(0);
      expect(await store.events.prune(T0 + 10)).toBe(1);
      expect(await store.events.byId(ids[0] ?? 0)).toBeUndefined();
      expect(await store.events.byId(ids[1] ?? 0)).toBeDefined();
      expect(await store.messages.byId(sent?.id ?? 0)).toBeUndefined();
    });
  });
}
