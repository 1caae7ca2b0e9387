import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageRef } from '../../../src/ports/chat.ts';
import type { FakeDiscord } from '../../fakes/discord/fake-discord.ts';
import { PERMISSIONS } from '../../fakes/discord/world.ts';
import { type Bench, openBench } from './harness.ts';
import { cardSaying } from './some-commands.ts';

let bench: Bench;
let fake: FakeDiscord;
let channel: string;
beforeEach(async () => {
  bench = await openBench();
  fake = bench.fake;
  channel = `discord:${fake.channel.id}`;
});
afterEach(async () => {
  await bench.close();
  expect(fake.complaints).toEqual([]);
});

const nonces = (function* () {
  for (let count = 1; ; count += 1) yield `nonce-${count}`;
})();

function post(title: string, options: { inThreadOf?: MessageRef; threadName?: string; to?: string } = {}) {
  const { to = channel, ...rest } = options;
  return bench.discord.chat.post({ channel: to, card: cardSaying(title), nonce: nonces.next().value, ...rest });
}

const textsIn = (id: string) => fake.world.channels.get(id)?.messages.map((message) => fake.see(message).text);

describe('a thread', () => {
  it('is opened with its message, named, and kept for a week', async () => {
    const parent = await post('alert', { threadName: 'lab, scan 12' });
    expect(fake.threadOn(parent.id)).toMatchObject({
      name: 'lab, scan 12',
      archiveAfter: 10_080,
      parentId: fake.channel.id,
    });
    expect(parent.thread).toBe(parent.id);
  });

  it('has a name of at most 100 characters without control characters', async () => {
    const parent = await post('alert', { threadName: `a\u202eb\n${'x'.repeat(300)}` });
    expect(fake.threadOn(parent.id)?.name).toMatch(/^ab x{96}…$/);
  });

  it('that could not be opened with its message is opened by the first reply, named by the message’s own first words', async () => {
    fake.faults.add({ kind: 'error', path: /threads$/ });
    const parent = await post('lab: 2 changes', { threadName: 'lab, scan 12' });
    expect(parent.thread).toBeUndefined();
    const reply = await post('host', { inThreadOf: parent });
    expect(reply.thread).toBe(parent.id);
    expect(fake.threadOn(parent.id)?.name).toBe('lab: 2 changes');
    expect(fake.channel.messages).toHaveLength(1);
  });

  it('that somebody has already opened is used', async () => {
    const parent = await post('alert', { threadName: 'lab' });
    const reply = await post('host', { inThreadOf: { channel, id: parent.id } });
    expect(reply.thread).toBe(parent.id);
  });

  it('that was archived is opened again by a reply and by an edit', async () => {
    const parent = await post('alert', { threadName: 'lab' });
    const reply = await post('host', { inThreadOf: parent });
    const thread = fake.threadOn(parent.id);
    if (thread === undefined) throw new Error('no thread');
    thread.archived = true;
    await bench.discord.chat.update(reply, cardSaying('host, acknowledged'));
    expect(thread.archived).toBe(false);
    expect(textsIn(parent.id)).toEqual(['host, acknowledged']);
    thread.archived = true;
    await post('came back', { inThreadOf: parent });
    expect(thread.archived).toBe(false);
  });

  it('that was deleted does not swallow the alert: the reply is posted in the channel', async () => {
    const parent = await post('alert', { threadName: 'lab' });
    fake.world.channels.delete(parent.id);
    const reply = await post('host', { inThreadOf: parent });
    expect(reply.thread).toBeUndefined();
    expect(fake.message(reply.id)).toMatchObject({ channelId: fake.channel.id, repliesTo: parent.id });
  });

  it('that the bot may not open leaves replies in the channel', async () => {
    fake.channel.denied = PERMISSIONS.createThreads;
    const parent = await post('alert', { threadName: 'lab' });
    await post('host', { inThreadOf: parent });
    expect(textsIn(fake.channel.id)).toEqual(['alert', 'host']);
  });
});
