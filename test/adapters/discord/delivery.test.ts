import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryError, type MessageRef } from '../../../src/ports/chat.ts';
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

async function failureOf(promise: Promise<unknown>): Promise<DeliveryError> {
  const reason: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(reason instanceof DeliveryError)) throw new Error(`no DeliveryError: ${String(reason)}`);
  return reason;
}

const textsIn = (id: string) => fake.world.channels.get(id)?.messages.map((message) => fake.see(message).text);

describe('a message', () => {
  it('that must notify somebody pings them, and nobody else', async () => {
    await bench.discord.start();
    const alice = fake.addUser('alice');
    const [everyone] = fake.guild.roles;
    const card = {
      ...cardSaying('@everyone look'),
      summary: `<@${alice.id}> @here`,
      mention: [`discord:${alice.id}`, `discord:${everyone?.id}`, 'slack:U1'],
    };
    const ref = await bench.discord.chat.post({ channel, card, nonce: 'ping' });
    expect(fake.message(ref.id)?.pings).toEqual([alice.id]);
  });

  it('pings a role by being one', async () => {
    const role = fake.addRole('ops');
    await bench.discord.start();
    const card = { ...cardSaying('look'), mention: [`discord:${role}`] };
    const ref = await bench.discord.chat.post({ channel, card, nonce: 'role' });
    const message = fake.message(ref.id);
    expect(message?.pings).toEqual([role]);
    expect(message?.content).toBe(`<@&${role}>`);
  });

  it('whose response is lost is found by its nonce, even when Discord has forgotten that', async () => {
    fake.faults.add({ kind: 'lose-answer', method: 'POST' });
    const failure = await failureOf(bench.discord.chat.post({ channel, card: cardSaying('lost'), nonce: 'l1' }));
    expect(failure).toMatchObject({ retryable: true, uncertain: true });
    const found = await bench.discord.chat.find('l1', { channel, since: Date.now() - 1000 });
    expect(found?.id).toBe(fake.channel.messages[0]?.id);
  });

  it('is found among hundreds', async () => {
    for (let count = 0; count < 230; count += 1) await post(`message ${count}`);
    const ref = await bench.discord.chat.post({ channel, card: cardSaying('needle'), nonce: 'needle' });
    for (let count = 0; count < 20; count += 1) await post(`later ${count}`);
    expect((await bench.discord.chat.find('needle', { channel, since: 0 }))?.id).toBe(ref.id);
  });

  it('of somebody else with the same marker is not taken for ours', async () => {
    const ref = await bench.discord.chat.post({ channel, card: cardSaying('ours'), nonce: 'mine' });
    const message = fake.message(ref.id);
    if (message !== undefined) message.authorId = '123456789012345678';
    expect(await bench.discord.chat.find('mine', { channel, since: 0 })).toBeUndefined();
  });
});

describe('a failure', () => {
  it('by a route’s limit says how long to wait, and holds up nothing else', async () => {
    const other = fake.addChannel('other');
    fake.faults.add({ kind: 'rate-limit', path: new RegExp(`${fake.channel.id}/messages`), retryAfter: 20 });
    const failure = await failureOf(post('limited'));
    expect(failure).toMatchObject({ retryable: true, uncertain: false, code: 'rate_limited' });
    expect(failure.retryAfterMs).toBeGreaterThanOrEqual(20_000);
    expect(failure.retryAfterMs).toBeLessThan(22_000);
    await post('elsewhere', { to: `discord:${other.id}` });
    expect(textsIn(other.id)).toEqual(['elsewhere']);
  });

  it('by the global limit says how long to wait', async () => {
    fake.faults.add({ kind: 'rate-limit-global', retryAfter: 2 });
    const failure = await failureOf(post('limited'));
    expect(failure).toMatchObject({ retryable: true, uncertain: false, code: 'rate_limited_globally' });
    expect(failure.retryAfterMs).toBeGreaterThan(1000);
    expect(fake.channel.messages).toEqual([]);
  });

  it('at the server may be retried', async () => {
    fake.faults.add({ kind: 'error' });
    expect(await failureOf(post('x'))).toMatchObject({ retryable: true, code: 'http_500' });
    await post('x');
    expect(textsIn(fake.channel.id)).toEqual(['x']);
  });

  it('on the network leaves open whether it arrived', async () => {
    fake.faults.add({ kind: 'drop' });
    expect(await failureOf(post('x'))).toMatchObject({ retryable: true, uncertain: true });
  });

  it('before a connection is made is certain', async () => {
    const { apiUrl } = fake;
    await fake.close();
    expect(apiUrl).toContain('127.0.0.1');
    expect(await failureOf(post('x'))).toMatchObject({ retryable: true, uncertain: false, code: 'ECONNREFUSED' });
  });

  it.each([
    ['an unknown channel', () => post('x', { to: 'discord:123456789012345678' }), '10003'],
    [
      'a channel it does not see',
      () => post('x', { to: `discord:${fake.addChannel('a', { denied: ~0n }).id}` }),
      '50001',
    ],
    [
      'a channel it may not write to',
      () => post('x', { to: `discord:${fake.addChannel('a', { denied: PERMISSIONS.sendMessages }).id}` }),
      '50013',
    ],
    ['no channel of Discord', () => post('x', { to: 'slack:C1' }), 'not_a_discord_channel'],
  ])('because of %s is final', async (_, call, code) => {
    expect(await failureOf(call())).toMatchObject({ retryable: false, uncertain: false, code });
  });

  it('does not result from editing a message that somebody has deleted', async () => {
    await bench.discord.chat.update({ channel, id: '123456789012345678' }, cardSaying('x'));
  });

  it('because of a wrong token is final, with the same code each time', async () => {
    const wrong = await openBench({ fake, token: 'MTIzNDU2Nzg5MDEyMzQ1Njc4.x.y' });
    for (const nonce of ['a', 'b']) {
      const failure = await failureOf(wrong.discord.chat.post({ channel, card: cardSaying('x'), nonce }));
      expect(failure).toMatchObject({ retryable: false, code: 'unauthorized' });
    }
    await wrong.close();
  });

  it('never shows the token', async () => {
    fake.faults.add({ kind: 'error' });
    const failure = await failureOf(post('x'));
    expect(`${failure.message} ${failure.stack} ${failure.code}`).not.toContain(fake.world.token);
  });
});
