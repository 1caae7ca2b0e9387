import { describe, expect, test } from 'vitest';
import type { Context } from '../store-contract.ts';
import { addGroup, T0, tell } from './samples.ts';

const answer = (name: string) =>
  ({ type: 'acknowledged', by: `slack:${name}`, byName: name, at: T0 + 9, note: 'seen "it"\0' }) as const;

export function answerFacts(given: () => Context): void {
  describe('acknowledgements', () => {
    test('of two simultaneous answers the first holds', async () => {
      const { store, reopen } = given();
      const { id } = await addGroup(store);
      const { deltaIds } = await tell(store, id, ['10.0.0.1', '10.0.0.2']);
      const second = await reopen();
      const changed = await Promise.all([
        store.deltas.acknowledge(deltaIds, answer('ann')),
        second.deltas.acknowledge(deltaIds, answer('bob')),
        store.deltas.acknowledge(deltaIds, answer('cid')),
      ]);
      expect(changed.map((ids) => ids.length).sort()).toEqual([0, 0, 2]);
      const winner = ['ann', 'bob', 'cid'][changed.findIndex((ids) => ids.length === 2)] ?? '';
      const held = (await store.deltas.byId(deltaIds[0] ?? 0))?.acknowledgement;
      expect(held).toEqual({ ...answer(winner), note: 'seen "it"\uFFFD' });
    });

    test('only open deltas change, and an answer can be undone and given again', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const { deltaIds } = await tell(store, id, ['10.0.0.1', '10.0.0.2']);
      const [a = 0, b = 0] = deltaIds;
      const { note, ...plain } = answer('ann');
      expect(await store.deltas.acknowledge([a, 999], { ...plain, type: 'expected' })).toEqual([a]);
      expect((await store.deltas.byId(a))?.acknowledgement).toEqual({ ...plain, type: 'expected' });
      expect(await store.deltas.acknowledge(deltaIds, answer('bob'))).toEqual([b]);
      expect(await store.deltas.undo([a], { by: 'slack:ann', byName: 'ann', at: T0 + 10 })).toEqual([a]);
      expect(await store.deltas.undo([a], { by: 'slack:ann', byName: 'ann', at: T0 + 11 })).toEqual([]);
      expect((await store.deltas.byId(a))?.acknowledgement).toEqual({ type: 'open' });
      expect(await store.deltas.acknowledge([a], { ...plain, type: 'false-alarm', note })).toEqual([a]);
      expect(await store.deltas.acknowledge([], answer('ann'))).toEqual([]);
    });

    test('unanswered deltas get one reminder in their thread, and none when they were answered meanwhile', async () => {
      const { store, reopen } = given();
      const { id } = await addGroup(store);
      const { deltaIds, alertId: alert = 0 } = await tell(store, id, ['10.0.0.1', '10.0.0.2'], { risk: 'high' });
      await tell(store, id, ['10.0.0.3'], { risk: 'low' });
      const channel = 'slack:C1';
      await store.messages.want({ subject: { type: 'alert', alert }, channel, at: T0 });
      const [a = 0, b = 0] = deltaIds;
      const due = async (before: number, remindedBefore: number) =>
        (await store.deltas.unanswered(id, { risks: ['high'], before, remindedBefore })).map((delta) => delta.id);
      expect(await due(T0, T0)).toEqual([]);
      expect(await due(T0 + 100, T0)).toEqual([b, a]);
      const card = { title: 'still', tone: 'high', sections: [], controls: [] } as const;
      const replies = [{ alertId: alert, channel, card }];
      const reminder = { deltas: deltaIds, at: T0 + 100, remindedBefore: T0, replies };
      const other = await reopen();
      const said = await Promise.all([store.deltas.remind(reminder), other.deltas.remind(reminder)]);
      expect(said.sort()).toEqual([false, true]);
      expect(await due(T0 + 200, T0 + 99)).toEqual([]);
      expect(await due(T0 + 200, T0 + 100)).toEqual([b, a]);
      await store.deltas.acknowledge([a], answer('ann'));
      expect(await store.deltas.remind({ ...reminder, at: T0 + 200, remindedBefore: T0 + 100 })).toBe(false);
      expect(await store.messages.bySubject({ type: 'notice', card })).toMatchObject([{ wanted: 1, channel }]);
    });
  });
}
