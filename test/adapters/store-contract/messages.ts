import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import type { MessageSubject } from '../../../src/ports/message.ts';
import type { Context } from '../store-contract.ts';
import { addGroup, newScan, page, T0 } from './samples.ts';

export const notice = (title: string): MessageSubject => ({
  type: 'notice',
  card: { title, tone: 'info', sections: [], controls: [] },
});

export function messageFacts(given: () => Context): void {
  describe('messages', () => {
    test('a subject has one message per channel; requesting it again adds a revision', async () => {
      const { store } = given();
      const { id: group } = await addGroup(store);
      const subject: MessageSubject = { type: 'first-determined', group };
      const want = (channel: string) => store.messages.want({ subject, channel, at: T0 });
      const [a, b, c] = [await want('slack:C1'), await want('discord:1'), await want('slack:C1')];
      expect(c).toBe(a);
      expect(await store.messages.byId(a)).toEqual({
        id: a,
        subject,
        channel: 'slack:C1',
        wanted: 2,
        sent: 0,
        status: 'pending',
        notBefore: T0,
        attempts: 0,
        uncertain: false,
        createdAt: T0,
      });
      expect((await store.messages.bySubject(subject)).map(({ id }) => id)).toEqual([a, b]);
    });

    test('two simultaneous requests get the same message', async () => {
      const { store, reopen } = given();
      const second = await reopen();
      const want = { subject: notice('hello'), channel: 'slack:C1', at: T0 };
      const ids = await Promise.all([store, second, store].map((each) => each.messages.want(want)));
      expect(new Set(ids).size).toBe(1);
      expect(await store.messages.want({ ...want, subject: notice('other') })).not.toBe(ids[0]);
    });

    test('old notices and messages of scans are deleted once sent; waiting ones, and alerts, stay', async () => {
      const { store } = given();
      const { id: group } = await addGroup(store);
      const { scan } = await store.scans.add(newScan(group));
      const want = (subject: MessageSubject, at: number) => store.messages.want({ subject, channel: 'slack:C1', at });
      const old = [await want(notice('old'), T0), await want({ type: 'scan', scan: scan.id }, T0)];
      const kept = [
        await want({ type: 'first-determined', group }, T0),
        await want(notice('recent'), T0 + 10),
        await want(notice('waits'), T0),
      ];
      for (const id of [...old, ...kept].slice(0, -1)) await store.messages.delivered(id, 1, { id: `m${id}` });
      expect(await store.messages.prune(T0 + 5, 1)).toBe(1);
      expect(await store.messages.prune(T0 + 5, 10)).toBe(1);
      expect(await store.messages.prune(T0 + 5, 10)).toBe(0);
      for (const id of old) expect(await store.messages.byId(id)).toBeUndefined();
      for (const id of kept) expect(await store.messages.byId(id)).toBeDefined();
    });

    test('a message about a subject that is gone is refused', async () => {
      const { store } = given();
      const subjects: MessageSubject[] = [
        { type: 'alert', alert: 9 },
        { type: 'scan', scan: 9 },
        { type: 'first-determined', group: 9 },
      ];
      for (const subject of subjects) {
        await expect(store.messages.want({ subject, channel: 'slack:C1', at: T0 })).rejects.toThrow(UserError);
      }
    });

    test('a touch adds one revision to every message of its subjects, and to no other', async () => {
      const { store } = given();
      const { id: group } = await addGroup(store);
      const { scan } = await store.scans.add(newScan(group));
      const shown: MessageSubject = { type: 'scan', scan: scan.id };
      const ids = [];
      for (const channel of ['slack:C1', 'discord:1']) {
        const id = await store.messages.want({ subject: shown, channel, at: T0 });
        await store.messages.delivered(id, 1, { id: `posted ${id}`, thread: 't' });
        ids.push(id);
      }
      const other = await store.messages.want({ subject: notice('other'), channel: 'slack:C1', at: T0 });
      await store.messages.touch([shown, shown, { type: 'first-determined', group }]);
      for (const id of ids) {
        const ref = { id: `posted ${id}`, thread: 't' };
        expect(await store.messages.byId(id)).toMatchObject({
          wanted: 2,
          sent: 1,
          status: 'pending',
          ref,
          notBefore: 0,
        });
      }
      expect((await store.messages.byId(other))?.wanted).toBe(1);
      await store.messages.touch([]);
    });

    test('a waiting edit is not postponed by the next, and an urgent one comes sooner', async () => {
      const { store } = given();
      const subject = notice('progress');
      const id = await store.messages.want({ subject, channel: 'slack:C1', at: T0 });
      await store.messages.delivered(id, 1, { id: 'x' });
      const touched = async (notBefore?: number) => {
        await store.messages.touch([subject], notBefore === undefined ? {} : { notBefore });
        return (await store.messages.byId(id))?.notBefore;
      };
      expect(await touched(T0 + 5000)).toBe(T0 + 5000);
      expect(await touched(T0 + 6000)).toBe(T0 + 5000);
      expect(await touched()).toBe(0);
    });

    test('a wait that the platform requested stays', async () => {
      const { store } = given();
      const subject = notice('busy');
      const id = await store.messages.want({ subject, channel: 'slack:C1', at: T0 });
      await store.messages.retryLater(id, { notBefore: T0 + 30_000, failure: 'ratelimited', uncertain: false });
      await store.messages.touch([subject]);
      await store.messages.want({ subject, channel: 'slack:C1', at: T0 });
      const expected = { notBefore: T0 + 30_000, attempts: 1, failure: 'ratelimited', uncertain: false, wanted: 3 };
      expect(await store.messages.byId(id)).toMatchObject(expected);
    });

    test('a failed message is listed and not pending, until it is sent again', async () => {
      const { store } = given();
      const subject = notice('to an archived channel');
      const id = await store.messages.want({ subject, channel: 'slack:C1', at: T0 });
      await store.messages.failed(id, 'is_archived');
      await store.messages.touch([subject]);
      const { items, total } = await store.messages.listFailed(page);
      expect([total, items[0]?.id, items[0]?.failure]).toEqual([1, id, 'is_archived']);
      expect(await store.messages.countPending(T0)).toBe(0);
      expect(await store.messages.nextDue()).toBeUndefined();
      expect(await store.messages.resend(id, T0 + 7)).toBe(true);
      expect(await store.messages.resend(id, T0 + 7)).toBe(false);
      expect(await store.messages.resend(id + 1, T0 + 7)).toBe(false);
      expect(await store.messages.byId(id)).toMatchObject({ status: 'pending', notBefore: T0 + 7, attempts: 0 });
      expect(await store.messages.countPending(T0)).toBe(1);
    });

    test('a failed edit can be sent again although nothing new was requested', async () => {
      const { store } = given();
      const id = await store.messages.want({ subject: notice('x'), channel: 'slack:C1', at: T0 });
      await store.messages.delivered(id, 1, { id: 'x' });
      await store.messages.failed(id, 'message_not_found');
      await store.messages.resend(id, T0);
      const claimed = await store.messages.claim({ now: T0, leaseMs: 1000, platforms: ['slack'], limit: 5 });
      expect(claimed.map((message) => [message.id, message.wanted, message.ref?.id])).toEqual([[id, 2, 'x']]);
    });

    test('a digest is kept for its channel, and sent once however many bots send it', async () => {
      const { store, reopen } = given();
      const when = { type: 'every', ms: 60_000, anchor: T0 } as const;
      const digest = { channel: 'slack:C1', phrase: 'every 1m', when, zone: 'UTC', sentAt: T0 };
      await store.digests.set({ ...digest, phrase: 'daily 09:00' });
      await store.digests.set(digest);
      expect(await store.digests.list()).toEqual([digest]);
      const card = { title: 'Digest', tone: 'good', sections: [], controls: [] } as const;
      const other = await reopen();
      const said = await Promise.all([
        store.digests.send(digest, { card, at: T0 + 60_000 }),
        other.digests.send(digest, { card, at: T0 + 60_001 }),
      ]);
      expect(said.sort()).toEqual([false, true]);
      expect(await store.messages.bySubject({ type: 'notice', card })).toMatchObject([{ wanted: 1 }]);
      expect(await store.digests.remove('slack:C1')).toBe(true);
      expect(await store.digests.remove('slack:C1')).toBe(false);
    });
  });
}
