import { describe, expect, test } from 'vitest';
import type { MessageStore } from '../../../src/ports/store.ts';
import type { Context } from '../store-contract.ts';
import { notice } from './messages.ts';
import { T0 } from './samples.ts';

const LEASE = 60_000;

const claim = async (messages: MessageStore, now = T0, platforms: string[] = ['slack', 'discord']) =>
  messages.claim({ now, leaseMs: LEASE, platforms, limit: 10 });
const claimIds = async (messages: MessageStore, now = T0, platforms?: string[]) =>
  (await claim(messages, now, platforms)).map(({ id }) => id);

export function claimFacts(given: () => Context): void {
  /** Messages to one channel, in this order; a name in `parents` makes one a reply. */
  async function wanted(...titles: string[]): Promise<number[]> {
    const ids: number[] = [];
    for (const title of titles) {
      ids.push(await given().store.messages.want({ subject: notice(title), channel: 'slack:C1', at: T0 }));
    }
    return ids;
  }

  describe('claims', () => {
    test('one message of each channel at a time, the oldest first', async () => {
      const { messages } = given().store;
      const [a, b] = await wanted('a', 'b');
      const c = await messages.want({ subject: notice('c'), channel: 'discord:1', at: T0 });
      const d = await messages.want({ subject: notice('d'), channel: 'console:main', at: T0 });
      const limited = await messages.claim({ now: T0, leaseMs: LEASE, platforms: ['slack', 'discord'], limit: 1 });
      expect(limited.map(({ id }) => id)).toEqual([a]);
      expect(await claimIds(messages)).toEqual([c]);
      expect(await claimIds(messages)).toEqual([]);
      expect(await claimIds(messages, T0, [])).toEqual([]);
      expect(await claimIds(messages, T0, ['console'])).toEqual([d]);
      await messages.delivered(a ?? 0, 1, { id: 'posted' });
      expect(await claimIds(messages)).toEqual([b]);
      expect([await messages.countPending(T0), await messages.countPending(T0, ['slack'])]).toEqual([3, 1]);
    });

    test('while no platform is connected, nothing is due, pending or claimed', async () => {
      const { store } = given();
      await store.messages.want({ subject: notice('a'), channel: 'slack:C1', at: T0 });
      expect(await store.messages.nextDue([])).toBeUndefined();
      expect(await store.messages.countPending(T0, [])).toBe(0);
      expect(await store.messages.claim({ now: T0, leaseMs: 1, platforms: [], limit: 1 })).toEqual([]);
    });

    test('two simultaneous claims never get the same message', async () => {
      const { store, reopen } = given();
      for (let n = 0; n < 5; n++) await store.messages.want({ subject: notice('x'), channel: `slack:C${n}`, at: T0 });
      const second = await reopen();
      const batches = await Promise.all([store, second, store].map((each) => claimIds(each.messages)));
      expect(batches.flat().sort()).toEqual([...new Set(batches.flat())].sort());
      expect(batches.flat()).toHaveLength(5);
    });

    test('an edit that is requested while the message is being sent is sent after it', async () => {
      const { messages } = given().store;
      const [id = 0] = await wanted('a');
      const [claimed] = await claim(messages);
      expect(claimed).toMatchObject({ id, wanted: 1, uncertain: false });
      await messages.touch([notice('a')], { notBefore: T0 + 5000 });
      await messages.delivered(id, claimed?.wanted ?? 0, { id: 'p', thread: 't' });
      expect(await messages.byId(id)).toMatchObject({
        wanted: 2,
        sent: 1,
        status: 'pending',
        ref: { id: 'p', thread: 't' },
      });
      expect(await claimIds(messages, T0 + 4999)).toEqual([]);
      expect(await messages.nextDue()).toBe(T0 + 5000);
      expect(await claimIds(messages, T0 + 5000)).toEqual([id]);
      await messages.delivered(id, 2);
      expect(await messages.byId(id)).toMatchObject({ sent: 2, status: 'sent', ref: { id: 'p', thread: 't' } });
      expect(await messages.nextDue()).toBeUndefined();
    });

    test('a reply waits for its parent, and holds up younger messages', async () => {
      const { messages } = given().store;
      const [parent = 0] = await wanted('parent');
      const reply = await messages.want({ subject: notice('reply'), channel: 'slack:C1', parentId: parent, at: T0 });
      const [young] = await wanted('young');
      expect(await claimIds(messages)).toEqual([parent]);
      await messages.delivered(parent, 1, { id: 'p' });
      expect(await claimIds(messages)).toEqual([reply]);
      await messages.delivered(reply, 1, { id: 'r' });
      expect(await claimIds(messages)).toEqual([young]);
    });

    test('a post that is to be retried holds up its channel, and no other', async () => {
      const { messages } = given().store;
      const [first = 0, second] = await wanted('first', 'second');
      const other = await messages.want({ subject: notice('other'), channel: 'slack:C2', at: T0 });
      expect(await claimIds(messages)).toEqual([first, other]);
      await messages.retryLater(first, { notBefore: T0 + 30_000, failure: 'ratelimited', uncertain: true });
      expect(await claimIds(messages, T0 + 29_999)).toEqual([]);
      expect(await messages.nextDue()).toBe(T0 + 30_000);
      const [again] = await claim(messages, T0 + 30_000);
      expect(again).toMatchObject({ id: first, uncertain: true, attempts: 1, failure: 'ratelimited' });
      await messages.delivered(first, 1, { id: 'p' });
      expect(await claimIds(messages, T0 + 30_000)).toEqual([second]);
      expect(await messages.byId(first)).toMatchObject({ attempts: 0, uncertain: false, status: 'sent' });
      expect((await messages.byId(first))?.failure).toBeUndefined();
    });

    test('an edit that waits for its time holds up nothing', async () => {
      const { messages } = given().store;
      const [progress = 0] = await wanted('progress');
      await messages.delivered(progress, 1, { id: 'p' });
      await messages.touch([notice('progress')], { notBefore: T0 + 5000 });
      const [post = 0] = await wanted('post');
      expect(await claimIds(messages)).toEqual([post]);
      await messages.retryLater(post, { notBefore: T0 + 9000, failure: '500', uncertain: false });
      expect(await claimIds(messages, T0 + 5000)).toEqual([progress]);
    });

    test('a message that failed for good lets younger ones pass, and its replies wait until it is sent again', async () => {
      const { messages } = given().store;
      const [parent = 0] = await wanted('parent');
      const reply = await messages.want({ subject: notice('reply'), channel: 'slack:C1', parentId: parent, at: T0 });
      const [young = 0] = await wanted('young');
      await claim(messages);
      await messages.failed(parent, 'msg_too_long');
      expect(await claimIds(messages)).toEqual([young]);
      await messages.delivered(young, 1, { id: 'y' });
      expect(await messages.countPending(T0)).toBe(0);
      expect(await messages.nextDue()).toBeUndefined();
      await messages.resend(parent, T0 + 1);
      expect(await messages.countPending(T0)).toBe(2);
      expect(await claimIds(messages, T0 + 1)).toEqual([parent]);
      await messages.delivered(parent, 2, { id: 'p' });
      expect(await claimIds(messages, T0 + 1)).toEqual([reply]);
    });

    test('after a crash between post and record, the message comes back uncertain when its lease ends', async () => {
      const { store, reopen } = given();
      const [id = 0, next] = await wanted('a', 'b');
      await claim(store.messages);
      await store.close();
      const { messages } = await reopen();
      expect(await claimIds(messages, T0 + LEASE - 1)).toEqual([]);
      expect(await messages.nextDue()).toBe(T0 + LEASE);
      const [again] = await claim(messages, T0 + LEASE);
      expect(again).toMatchObject({ id, uncertain: true, wanted: 1, sent: 0 });
      await messages.delivered(id, 1, { id: 'found' });
      expect(await claimIds(messages, T0 + LEASE)).toEqual([next]);
    });

    test('messages claimed by a process that is known to be dead are due at once, uncertain', async () => {
      const { messages } = given().store;
      const [id = 0, next] = await wanted('a', 'b');
      await claim(messages);
      await messages.releaseClaims();
      const [again] = await claim(messages, T0 + 1);
      expect(again).toMatchObject({ id, uncertain: true });
      await messages.delivered(id, 1, { id: 'found' });
      await messages.releaseClaims();
      expect(await claimIds(messages, T0 + 1)).toEqual([next]);
    });

    test('a message that waits for a time of a clock that was ahead is due at once', async () => {
      const { messages } = given().store;
      const [id = 0] = await wanted('a');
      await claim(messages);
      await messages.retryLater(id, { notBefore: T0 + 7_200_000, failure: 'ratelimited', uncertain: false });
      expect(await claimIds(messages, T0 + 1)).toEqual([]);
      await messages.hasten(T0 + 1);
      expect(await claimIds(messages, T0 + 1)).toEqual([id]);
    });

    test('an edit that a crash interrupted is simply sent again', async () => {
      const { store, reopen } = given();
      const [id = 0] = await wanted('a');
      await store.messages.delivered(id, 1, { id: 'p' });
      await store.messages.touch([notice('a')]);
      await claim(store.messages);
      await store.close();
      const { messages } = await reopen();
      const [again] = await claim(messages, T0 + LEASE);
      expect(again).toMatchObject({ id, uncertain: false, ref: { id: 'p' } });
    });

    test('a late result of an expired claim does no harm', async () => {
      const { messages } = given().store;
      const [id = 0] = await wanted('a');
      await claim(messages);
      await claim(messages, T0 + LEASE);
      await messages.delivered(id, 1, { id: 'p' });
      await messages.delivered(id, 1, { id: 'p' });
      expect(await messages.byId(id)).toMatchObject({ sent: 1, status: 'sent', ref: { id: 'p' } });
      expect(await claimIds(messages, T0 + 2 * LEASE)).toEqual([]);
    });
  });
}
