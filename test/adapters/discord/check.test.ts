import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inviteLink } from '../../../adapters/discord/outbound/permissions.ts';
import type { FakeDiscord } from '../../fakes/discord/fake-discord.ts';
import { ALL_NEEDED, PERMISSIONS } from '../../fakes/discord/world.ts';
import { type Bench, openBench } from './harness.ts';

let bench: Bench;
let fake: FakeDiscord;
beforeEach(async () => {
  bench = await openBench();
  fake = bench.fake;
});
afterEach(() => bench.close());

const problems = async (...channels: string[]) => (await bench.discord.check(channels)).problems;

describe('the check before Discord is used', () => {
  it('finds nothing when all is well, without a gateway', async () => {
    expect(await problems(`discord:${fake.channel.id}`)).toEqual([]);
    expect(fake.gateway.counts.identifies).toBe(0);
  });

  it('names every missing permission of a channel', async () => {
    const denied = PERMISSIONS.createThreads | PERMISSIONS.attachFiles;
    const channel = fake.addChannel('ops', { denied });
    const [problem] = await problems(`discord:${channel.id}`);
    expect(problem?.what).toBe(`#ops (discord:${channel.id}): missing Create Public Threads, Attach Files`);
    expect(problem?.fix).toContain('Edit Channel');
  });

  it('counts permissions that a role of the bot grants', async () => {
    const role = { id: fake.world.newId(), name: 'NetDelta', permissions: ALL_NEEDED };
    const [everyone] = fake.guild.roles;
    if (everyone !== undefined) everyone.permissions = PERMISSIONS.viewChannel;
    expect((await problems(`discord:${fake.channel.id}`))[0]?.what).toContain('missing Send Messages,');
    fake.guild.roles.push(role);
    fake.guild.botRoles.push(role.id);
    expect(await problems(`discord:${fake.channel.id}`)).toEqual([]);
  });

  it('checks the channel of a thread', async () => {
    const parent = await bench.discord.chat.post({
      channel: `discord:${fake.channel.id}`,
      card: { title: 'x', tone: 'info', sections: [], controls: [] },
      nonce: 'n',
      threadName: 'lab',
    });
    fake.channel.denied = PERMISSIONS.sendInThreads;
    expect((await problems(`discord:${parent.thread}`))[0]?.what).toContain('missing Send Messages in Threads');
  });

  it.each([
    ['a channel that it does not see', () => fake.addChannel('a', { denied: ~0n }).id, 'missing View Channel'],
    ['a channel that is none', () => '123456789012345678', 'knows no such channel (10003)'],
    ['a forum', () => fake.addChannel('talk', { type: 15 }).id, 'is no text channel'],
    ['a channel of another server', () => fake.addChannel('b', { guild: fake.addGuild('Other') }).id, 'another server'],
  ])('reports %s', async (_, id, what) => {
    expect((await problems(`discord:${id()}`))[0]?.what).toContain(what);
  });

  it('reports a token that is refused', async () => {
    const wrong = await openBench({ fake, token: 'MTIzNDU2Nzg5MDEyMzQ1Njc4.abcdef.ghijklmnop' });
    const found = await wrong.discord.check([]);
    await wrong.close();
    expect(found.problems).toEqual([
      { what: 'Discord refuses DISCORD_TOKEN', fix: expect.stringContaining('Reset Token') },
    ]);
  });

  it('reports a server that it is not in, with the link that adds it', async () => {
    fake.world.guilds.delete(fake.guild.id);
    const [problem] = await problems();
    expect(problem?.what).toContain(`not in the server ${fake.guild.id}`);
    expect(problem?.fix).toContain(bench.discord.inviteLink());
  });

  it('reports when Discord cannot be reached', async () => {
    fake.faults.add({ kind: 'drop' });
    expect((await problems())[0]?.what).toContain('cannot be reached');
  });
});

describe('the invite link', () => {
  it('asks for exactly the permissions and scopes that are needed', () => {
    const link = new URL(bench.discord.inviteLink());
    expect(link.origin + link.pathname).toBe('https://discord.com/oauth2/authorize');
    expect(Object.fromEntries(link.searchParams)).toEqual({
      client_id: fake.world.applicationId,
      scope: 'bot applications.commands',
      permissions: String(ALL_NEEDED),
      guild_id: fake.guild.id,
    });
  });

  it('leaves the choice of server open where none is configured', () => {
    expect(new URL(inviteLink('1')).searchParams.has('guild_id')).toBe(false);
  });
});
