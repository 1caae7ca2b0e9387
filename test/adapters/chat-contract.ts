import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { defined } from '../../src/core/defined.ts';
import type { ChannelRef } from '../../src/core/model/principal.ts';
import { type Chat, DeliveryError, type MessageRef } from '../../src/ports/chat.ts';
import { cardOf, HOSTILE, longCard, MANY_ROWS, outgoing, RAW_CONTROLS, rowName } from './chat-contract-cards.ts';

/** The fault of the next call that posts or edits; after it everything works again. */
export type Fault =
  /** Answered with a server error; nothing was done. */
  | 'unavailable'
  /** Refused for a while, with the time to wait. */
  | 'rate-limited'
  /** Done, but the response never arrived. */
  | 'answer-lost';

/** A message as the person in front of the chat sees it. */
export type Seen = {
  /** Everything readable in the message, markup resolved: bold text is just its words. */
  text: string;
  buttons: readonly { label: string; actionId: string }[];
  /** Id of the message whose thread contains it. */
  thread?: string;
  /** Files that came with it or right after it in its thread. */
  files: readonly { name: string; content: string }[];
  /** Who was notified through it: users, groups, `everyone`. */
  pings: readonly string[];
  /** Clickable URLs. */
  links: readonly string[];
};

/** One chat platform under test, with access to its far side. */
export type Harness = {
  chat: Chat;
  channel: ChannelRef;
  /** A place that does not exist or that the bot may not write to; absent where everything is writable. */
  forbidden?: ChannelRef;
  /** The faults that this platform can have; empty for one without a network. */
  faults: readonly Fault[];
  fault(kind: Fault): void;
  read(ref: MessageRef): Promise<Seen | undefined>;
  /** How many messages NetDelta has in that channel, including its threads, without files. */
  count(channel: ChannelRef): Promise<number>;
  close(): Promise<void>;
};

/** What every chat adapter does alike. Run it with `chatContract('Slack', openSlackHarness)`. */
export function chatContract(name: string, open: () => Promise<Harness>): void {
  describe(`${name} as a chat`, () => {
    let harness: Harness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(async () => {
      await harness.close();
    });
    const current = () => harness;
    describe('messages', () => messages(current));
    describe('untrusted text', () => strangers(current));
    describe('long cards', () => longCards(current));
    describe('failures', () => failures(current));
  });
}

function messages(harness: () => Harness): void {
  it('shows title, badge, sections, footer and buttons', async () => {
    const seen = await posted(harness(), cardOf({ title: 'lab: 2 changes' }));
    for (const part of ['lab: 2 changes', 'certain', 'Group', 'lab-net', '10.0.0.5', 'tcp/22', 'scan 12']) {
      expect(seen.text).toContain(part);
    }
    expect(seen.buttons.map((button) => button.label)).toEqual(expect.arrayContaining(['Acknowledge', 'History']));
    expect(seen.buttons).toContainEqual({ label: 'Acknowledge', actionId: 'nd1;acknowledge;12;10.0.0.5;' });
    expect(seen.pings).toEqual([]);
  });

  it('puts a reply into the thread of its parent', async () => {
    const { chat, read, channel } = harness();
    const parent = await chat.post(outgoing(channel, cardOf({ title: 'parent' }), { threadName: 'lab, scan 12' }));
    const reply = await chat.post(outgoing(channel, cardOf({ title: 'reply' }), { inThreadOf: parent }));
    expect(reply.id).not.toBe(parent.id);
    expect((await read(reply))?.thread).toBe(parent.id);
    expect((await read(parent))?.text).not.toContain('reply');
  });

  it('posts a second reply beside the first, even when given the first as parent', async () => {
    const { chat, read, channel } = harness();
    const parent = await chat.post(outgoing(channel, cardOf({ title: 'parent' }), { threadName: 'lab, scan 12' }));
    const first = await chat.post(outgoing(channel, cardOf({ title: 'first' }), { inThreadOf: parent }));
    const second = await chat.post(outgoing(channel, cardOf({ title: 'second' }), { inThreadOf: first }));
    expect((await read(second))?.thread).toBe(parent.id);
  });

  it('changes a message in place, and takes its buttons away', async () => {
    const { chat, read, count, channel } = harness();
    const ref = await chat.post(outgoing(channel, cardOf({ title: 'before' })));
    const before = await count(channel);
    await chat.update(ref, cardOf({ title: 'after', controls: [] }));
    const seen = await read(ref);
    expect(seen?.text).toContain('after');
    expect(seen?.text).not.toContain('before');
    expect(seen?.buttons).toEqual([]);
    expect(await count(channel)).toBe(before);
  });

  it('changes a reply in place', async () => {
    const { chat, read, channel } = harness();
    const parent = await chat.post(outgoing(channel, cardOf({ title: 'parent' }), { threadName: 'lab' }));
    const reply = await chat.post(outgoing(channel, cardOf({ title: 'one' }), { inThreadOf: parent }));
    await chat.update(reply, cardOf({ title: 'two' }));
    expect((await read(reply))?.text).toContain('two');
    expect((await read(reply))?.thread).toBe(parent.id);
  });

  it('has a link to a message, where the platform has links; none to one that is gone', async () => {
    const { chat, channel } = harness();
    const ref = await chat.post(outgoing(channel, cardOf({ title: 'to be found' })));
    const address = (await chat.link(ref)) ?? '';
    if (chat.platform !== 'console') expect(address).toMatch(/^https:\/\//);
    expect(address === '' || address.endsWith(ref.id.replace('.', ''))).toBe(true);
    expect(await chat.link({ channel: `${chat.platform}:999`, id: '1.1' })).toBeUndefined();
  });

  it('finds its own message by its nonce, in the channel and in a thread', async () => {
    const { chat, channel } = harness();
    const since = Date.now() - 60_000;
    const parent = await chat.post(outgoing(channel, cardOf({ title: 'parent' }), { nonce: 'p1', threadName: 'lab' }));
    const reply = await chat.post(outgoing(channel, cardOf({ title: 'r' }), { nonce: 'r1', inThreadOf: parent }));
    expect((await chat.find('p1', { channel, since }))?.id).toBe(parent.id);
    expect((await chat.find('r1', { channel, inThreadOf: parent, since }))?.id).toBe(reply.id);
    expect(await chat.find('nobody', { channel, since })).toBeUndefined();
    expect(await chat.find('nobody', { channel, inThreadOf: parent, since })).toBeUndefined();
  });

  it('posts one nonce once, however often it is called', async () => {
    const { chat, count, channel } = harness();
    const first = await chat.post(outgoing(channel, cardOf({ title: 'once' }), { nonce: 'same' }));
    const again = await chat.post(outgoing(channel, cardOf({ title: 'once' }), { nonce: 'same' }));
    expect(again.id).toBe(first.id);
    expect(await count(channel)).toBe(1);
  });

  it('delivers the files that come with a message', async () => {
    const { chat, read, channel } = harness();
    const attachments = [{ name: 'report.csv', mimeType: 'text/csv', data: Buffer.from('host,port\n10.0.0.5,22\n') }];
    const ref = await chat.post({ ...outgoing(channel, cardOf({ title: 'report' })), attachments });
    const file = (await read(ref))?.files.find((candidate) => candidate.name === 'report.csv');
    expect(file?.content).toBe('host,port\n10.0.0.5,22\n');
  });
}

function strangers(harness: () => Harness): void {
  it('shows untrusted markup, mentions and links as the text they are', async () => {
    const hostile = HOSTILE.join(' / ');
    const seen = await posted(harness(), cardOf({ title: 'names', hostile }));
    for (const fragment of HOSTILE) expect(seen.text).toContain(fragment);
    expect(seen.pings).toEqual([]);
    expect(seen.links).toEqual([]);
  });

  it('keeps hostile text harmless in titles, labels, lists, tables, code and small print', async () => {
    for (const fragment of HOSTILE) {
      const seen = await posted(harness(), cardOf({ title: fragment, hostile: fragment, everywhere: true }));
      expect(seen.text.split(fragment).length - 1).toBeGreaterThanOrEqual(6);
      expect(seen.pings).toEqual([]);
      expect(seen.links).toEqual([]);
    }
  });

  it('lets no control, bidirectional or escape character through', async () => {
    const hostile = 'gnp\u202eexe.txt \u2066x\u2069 bell\u0007 \u001b[31mred \u0000nul \u009bcsi';
    const seen = await posted(harness(), cardOf({ title: hostile, hostile, everywhere: true }));
    expect(seen.text).not.toMatch(RAW_CONTROLS);
    expect(seen.text).toContain('bell');
  });
}

function longCards(harness: () => Harness): void {
  it('says how much is missing, and attaches the full text as a file', async () => {
    const seen = await posted(harness(), longCard({ attachment: true }));
    const shown = Array.from({ length: MANY_ROWS }, (_, row) => seen.text.includes(rowName(row)));
    const cut = shown.includes(false);
    const file = seen.files.find((candidate) => candidate.name === 'deltas.csv');
    if (!cut) return;
    expect(seen.text).toMatch(/\b[1-9][0-9]* more\b/);
    for (let row = 0; row < MANY_ROWS; row += 1) expect(file?.content).toContain(rowName(row));
  });

  it('attaches the full text although the card has no file of its own', async () => {
    const seen = await posted(harness(), longCard({ attachment: false }));
    const everything = [seen.text, ...seen.files.map((file) => file.content)].join('\n');
    for (let row = 0; row < MANY_ROWS; row += 1) expect(everything).toContain(rowName(row));
  });

  it('keeps the buttons of a long card', async () => {
    const seen = await posted(harness(), longCard({ attachment: true }));
    expect(seen.buttons.map((button) => button.label)).toContain('Acknowledge all');
  });

  it('keeps its limits with one word of 20,000 characters', async () => {
    const word = 'x'.repeat(20_000);
    const seen = await posted(harness(), cardOf({ title: word, hostile: word, everywhere: true }));
    expect(seen.text).toContain('xxx');
  });
}

function failures(harness: () => Harness): void {
  it('reports a place it cannot write to as a final failure', async () => {
    const { chat, forbidden } = harness();
    if (forbidden === undefined) return;
    const error = await failureOf(chat.post(outgoing(forbidden, cardOf({ title: 'nowhere' }))));
    expect(error.retryable).toBe(false);
    expect(error.code).not.toBe('');
  });

  it('reports a server error as retryable, and then it works', async () => {
    const { chat, count, channel } = harness();
    if (!faultsOf(harness()).includes('unavailable')) return;
    harness().fault('unavailable');
    const error = await failureOf(chat.post(outgoing(channel, cardOf({ title: 'again' }), { nonce: 'u1' })));
    expect(error.retryable).toBe(true);
    await chat.post(outgoing(channel, cardOf({ title: 'again' }), { nonce: 'u1' }));
    expect(await count(channel)).toBe(1);
  });

  it('passes on how long it must wait', async () => {
    const { chat, channel } = harness();
    if (!faultsOf(harness()).includes('rate-limited')) return;
    harness().fault('rate-limited');
    const error = await failureOf(chat.post(outgoing(channel, cardOf({ title: 'slower' }))));
    expect(error).toMatchObject({ retryable: true, uncertain: false });
    expect(error.retryAfterMs).toBeGreaterThan(0);
  });

  it('finds the message whose response was lost when the clock here is hours ahead of the platform’s', async () => {
    const { chat, channel } = harness();
    if (!faultsOf(harness()).includes('answer-lost')) return;
    const parent = await chat.post(outgoing(channel, cardOf({ title: 'parent' }), { threadName: 'lab' }));
    for (const inThreadOf of [undefined, parent]) {
      harness().fault('answer-lost');
      const nonce = inThreadOf === undefined ? 'in-channel' : 'in-thread';
      const lost = outgoing(channel, cardOf({ title: 'lost' }), { nonce, ...defined({ inThreadOf }) });
      expect(await failureOf(chat.post(lost))).toMatchObject({ uncertain: true });
      const where = { channel, since: Date.now() + 2 * 3_600_000, ...defined({ inThreadOf }) };
      expect(await chat.find(nonce, where)).toMatchObject({ id: expect.any(String) });
    }
  });

  it('finds the message whose response was lost, instead of posting it twice', async () => {
    const { chat, count, channel } = harness();
    if (!faultsOf(harness()).includes('answer-lost')) return;
    const since = Date.now() - 60_000;
    harness().fault('answer-lost');
    const error = await failureOf(chat.post(outgoing(channel, cardOf({ title: 'lost' }), { nonce: 'l1' })));
    expect(error).toMatchObject({ retryable: true, uncertain: true });
    const ref = await chat.find('l1', { channel, since });
    expect(ref).toBeDefined();
    const again = await chat.post(outgoing(channel, cardOf({ title: 'lost' }), { nonce: 'l1' }));
    expect(again.id).toBe(ref?.id);
    expect(await count(channel)).toBe(1);
  });
}

function faultsOf(harness: Harness): readonly Fault[] {
  return harness.faults;
}

async function posted({ chat, channel, read }: Harness, card: Card): Promise<Seen> {
  const ref = await chat.post(outgoing(channel, card));
  const seen = await read(ref);
  if (seen === undefined) throw new Error(`the message ${ref.id} is not there`);
  return seen;
}

async function failureOf(promise: Promise<unknown>): Promise<DeliveryError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DeliveryError);
  if (!(error instanceof DeliveryError)) throw new Error('unreachable');
  return error;
}
