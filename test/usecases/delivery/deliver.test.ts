import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryError } from '../../../src/ports/chat.ts';
import { noticeCard } from '../../../src/usecases/delivery/notices.ts';
import { openWorkshop, serviceDelta, type Workshop } from '../workshop.ts';

let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop();
});
afterEach(() => workshop.close());

async function notice(title: string, channel = 'console:main'): Promise<number> {
  const card = noticeCard({ title, tone: 'info', lines: ['x'], at: workshop.time.now });
  return workshop.store.messages.want({ subject: { type: 'notice', card }, channel, at: workshop.time.now });
}

const titles = () => workshop.board.posted.map((one) => one.card.title);

describe('delivery', () => {
  it('waits as long as the platform asks, and then sends in order', async () => {
    await notice('first');
    await notice('second');
    let asked = 0;
    workshop.board.failWith(() => {
      asked += 1;
      throw new DeliveryError('ratelimited', { retryable: true, retryAfterMs: 30_000 });
    });
    await workshop.deliver();
    expect(asked).toBe(1);
    workshop.board.failWith(undefined);
    workshop.time.now += 29_000;
    await workshop.deliver();
    expect(titles()).toEqual([]);
    workshop.time.now += 1_000;
    await workshop.deliver();
    expect(titles()).toEqual(['first', 'second']);
  });

  it('waits for whole milliseconds when the platform asks for a part of one', async () => {
    const id = await notice('first');
    workshop.board.failWith(() => {
      throw new DeliveryError('ratelimited', { retryable: true, retryAfterMs: 1719.4 });
    });
    await workshop.deliver();
    expect((await workshop.store.messages.byId(id))?.notBefore).toBe(workshop.time.now + 1720);
  });

  it('of one channel that fails holds up no other', async () => {
    await notice('held up', 'console:bad');
    await notice('passes', 'console:good');
    workshop.board.failWith((message) => {
      if (message.channel === 'console:bad') throw new DeliveryError('timeout', { retryable: true });
    });
    await workshop.deliver();
    expect(titles()).toEqual(['passes']);
  });

  it('after a lost response finds its own message instead of posting it again', async () => {
    await notice('once');
    workshop.board.loseAnswer(new DeliveryError('timeout', { retryable: true, uncertain: true }));
    await workshop.deliver();
    workshop.time.now += 60_000;
    await workshop.deliver();
    expect(titles()).toEqual(['once']);
    expect(await workshop.store.messages.countPending(workshop.time.now)).toBe(0);
  });

  it('that was found is edited from then on, even if the answer to an edit is lost and nothing is found any more', async () => {
    await notice('once');
    const { chat, posted } = workshop.board;
    const lost = () => new DeliveryError('timeout', { retryable: true, uncertain: true });
    const { find, update } = chat;
    workshop.board.loseAnswer(lost());
    chat.update = async (ref, card) => {
      chat.update = update;
      await update(ref, card);
      chat.find = async () => undefined;
      throw lost();
    };
    for (let round = 0; round < 4; round++) {
      await workshop.deliver();
      workshop.time.now += 60_000;
    }
    chat.find = find;
    expect(titles()).toEqual(['once']);
    expect(posted[0]?.edits).toBe(2);
    expect(await workshop.store.messages.countPending(workshop.time.now)).toBe(0);
  });

  it('after a crash between the post and its record finds its own message too', async () => {
    await notice('once');
    const [claimed] = await workshop.store.messages.claim({
      ...{ now: workshop.time.now, leaseMs: 180_000, platforms: ['console'], limit: 5 },
    });
    const nonce = `nd-test-${(claimed?.id ?? 0).toString(36)}`;
    const card = noticeCard({ title: 'once', tone: 'info', lines: ['x'], at: workshop.time.now });
    await workshop.board.chat.post({ channel: 'console:main', card, nonce });
    await workshop.deliver();
    expect(titles()).toEqual(['once']);
    workshop.time.now += 181_000;
    await workshop.deliver();
    expect(titles()).toEqual(['once']);
    expect(await workshop.store.messages.countPending(workshop.time.now)).toBe(0);
  });

  it('whose post arrived and whose record of it failed finds its own message too', async () => {
    await notice('once');
    const { delivered } = workshop.store.messages;
    workshop.store.messages.delivered = async () => {
      workshop.store.messages.delivered = delivered;
      throw new Error('database is locked');
    };
    await workshop.deliver();
    workshop.time.now += 60_000;
    await workshop.deliver();
    expect(titles()).toEqual(['once']);
    expect(await workshop.store.messages.countPending(workshop.time.now)).toBe(0);
  });

  it('that is refused for good is kept, reported to the admins, and can be sent again', async () => {
    const id = await notice('kept');
    workshop.board.failWith(() => {
      throw new DeliveryError('channel_not_found', { retryable: false });
    });
    await workshop.deliver();
    workshop.time.now += 3_600_000;
    await workshop.deliver();
    expect(workshop.undeliverable).toEqual([`${id} channel_not_found`]);
    workshop.board.failWith(undefined);
    expect(await workshop.store.messages.resend(id, workshop.time.now)).toBe(true);
    await workshop.deliver();
    expect(titles()).toEqual(['kept']);
  });

  it('of a message that can not be rendered holds its channel up for a while only', async () => {
    const id = await notice('broken');
    await notice('passes');
    workshop.board.failWith((message) => {
      if (message.card.title === 'broken') throw new TypeError('a fault of ours');
    });
    for (let tries = 0; tries < 30; tries++) {
      await workshop.deliver();
      workshop.time.now += 31_000;
    }
    expect(titles()).toEqual(['passes']);
    expect(workshop.undeliverable).toEqual([`${id} internal`]);
  });

  it('of edits sends only the newest', async () => {
    const group = await workshop.addGroup();
    const scan = await workshop.judged(group, [serviceDelta('service-added', '10.0.0.5', 22)]);
    await workshop.deliver();
    const alert = (await workshop.store.deltas.alertOfScan(scan.id))?.id ?? 0;
    for (let edit = 0; edit < 5; edit++) await workshop.store.messages.touch([{ type: 'alert', alert }]);
    await workshop.deliver();
    expect(workshop.board.posted[0]?.edits).toBe(1);
  });

  it('of a message whose subject is gone does nothing and continues', async () => {
    const group = await workshop.addGroup();
    await workshop.judged(group, [serviceDelta('service-added', '10.0.0.5', 22)]);
    await workshop.store.groups.remove(group.id);
    await notice('next');
    await workshop.deliver();
    expect(titles()).toEqual(['next']);
  });
});
