import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { By, FakeDiscord } from '../../fakes/discord/fake-discord.ts';
import { answersOf, settled } from '../../fakes/discord/interaction.ts';
import { until } from '../../until.ts';
import { type Bench, openBench } from './harness.ts';
import { type Calls, recordingDispatcher } from './some-commands.ts';

let bench: Bench;
let fake: FakeDiscord;
let by: By;
let calls: Calls;
beforeEach(async () => {
  const recording = recordingDispatcher();
  calls = recording.calls;
  bench = await openBench({ dispatcher: recording.dispatcher });
  fake = bench.fake;
  by = { user: fake.addUser('alice'), channel: fake.channel };
});
afterEach(async () => {
  await bench.close();
  expect(fake.complaints).toEqual([]);
});

const connected = () => until(() => (fake.gateway.connected() ? true : undefined), 'the gateway');
const disconnected = () => until(() => (fake.gateway.connected() ? undefined : true), 'the break');

describe('the gateway', () => {
  it('is resumed after its socket broke, and events in between arrive once', async () => {
    await bench.discord.start();
    await settled(await fake.slash('status', {}, by));
    fake.gateway.drop();
    await disconnected();
    const meanwhile = await settled(await fake.slash('status', {}, by));
    expect(answersOf(meanwhile)).toHaveLength(1);
    expect(fake.gateway.counts).toEqual({ identifies: 1, resumes: 1 });
    expect(calls.commands).toHaveLength(2);
  });

  it('is resumed when Discord asks for it', async () => {
    await bench.discord.start();
    fake.gateway.askReconnect();
    await until(() => (fake.gateway.counts.resumes === 1 ? true : undefined), 'the resume');
    await settled(await fake.slash('status', {}, by));
    expect(calls.commands).toHaveLength(1);
    expect(fake.gateway.counts.identifies).toBe(1);
  });

  it('is identified again when the session is gone', async () => {
    await bench.discord.start();
    fake.gateway.invalidate();
    await until(() => (fake.gateway.counts.identifies === 2 ? true : undefined), 'the second identify');
    await settled(await fake.slash('status', {}, by));
    expect(calls.commands).toHaveLength(1);
  });

  it('that delivers an interaction twice has it carried out once', async () => {
    await bench.discord.start();
    const interaction = await settled(await fake.slash('status', {}, by));
    fake.gateway.repeatLast('INTERACTION_CREATE');
    await settled(await fake.slash('status', {}, by));
    expect(calls.commands).toHaveLength(2);
    // Done before an answer had to be deferred.
    expect(interaction.first?.type).toBe(4);
  });

  it('that refuses the token says so, with where to get another', async () => {
    const wrong = await openBench({ fake, token: 'MTIzNDU2Nzg5MDEyMzQ1Njc4.abcdef.ghijklmnop' });
    await expect(wrong.discord.start()).rejects.toThrow(/refuses DISCORD_TOKEN.*Reset Token/);
    await wrong.close();
  });

  it('that cannot be reached says so and leaves nothing running', async () => {
    fake.faults.add({ kind: 'drop', path: /gateway/, times: 9 });
    await expect(bench.discord.start()).rejects.toThrow('Discord:');
  });

  it('that is closed for good is reported to the admins and opened again', async () => {
    await bench.discord.start();
    fake.gateway.closeWith(4004);
    await until(() => (bench.notices.length > 0 ? true : undefined), 'the notice');
    expect(bench.notices).toEqual([expect.stringContaining('Discord ended the connection for good')]);
    await disconnected();
    await connected();
    await settled(await fake.slash('status', {}, by));
    expect(calls.commands).toHaveLength(1);
  });

  it('of a server that the bot is not in is reported with the invite link', async () => {
    fake.world.guilds.delete(fake.guild.id);
    await bench.discord.start();
    expect(bench.notices[0]).toContain('https://discord.com/oauth2/authorize?');
  });

  it('answers everything in progress before it stops', async () => {
    await bench.discord.start();
    const asked = await fake.slash('status', {}, by);
    await bench.discord.stop();
    expect(answersOf(asked)).toHaveLength(1);
    expect(fake.gateway.connected()).toBe(false);
  });
});
