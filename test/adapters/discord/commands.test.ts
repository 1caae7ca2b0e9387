import { afterEach, describe, expect, it } from 'vitest';
import type { CommandResult } from '../../../src/commands/dispatcher.ts';
import { settled } from '../../fakes/discord/interaction.ts';
import { onThisMachine } from '../../until.ts';
import { type Conversation, openConversation } from './conversation.ts';
import { cardSaying, privately, publicly } from './some-commands.ts';

let talk: Conversation;
afterEach(() => talk.close());

async function start(...options: Parameters<typeof openConversation>): Promise<Conversation> {
  talk = await openConversation(...options);
  return talk;
}

const slowly = (result: CommandResult, ms: number) =>
  new Promise<CommandResult>((resolve) => setTimeout(() => resolve(result), ms));

describe('a slash command', () => {
  it('arrives with its user, their roles, the place, and its options as text', async () => {
    const { fake, by } = await start();
    await settled(await fake.slash('group show', { name: 'lab', verbose: true }, by));
    expect(talk.calls.commands).toEqual([
      {
        principal: {
          key: `discord:${by.user.id}`,
          platform: 'discord',
          name: 'alice',
          memberships: by.user.roles.map((role) => `discord:${role}`),
        },
        channel: `discord:${fake.channel.id}`,
        input: { type: 'options', path: ['group', 'show'], options: { name: 'lab', verbose: 'true' } },
        canShowForm: false,
        files: [],
      },
    ]);
  });

  it('identifies people, roles and channels as NetDelta does', async () => {
    const { fake, by } = await start();
    await settled(await fake.slash('group show', { name: `<@${by.user.id}>/high` }, by));
    await settled(await fake.slash('role grant', { who: by.user.id, role: 'viewer' }, by));
    await settled(
      await fake.slash('group add', { name: 'x', targets: '10.0.0.1', channel: fake.channel.id, learn: 3 }, by),
    );
    expect(talk.calls.commands.map(({ input }) => input.type === 'options' && input.options)).toEqual([
      { name: `discord:${by.user.id}/high` },
      { who: `discord:${by.user.id}`, role: 'viewer' },
      { name: 'x', targets: '10.0.0.1', channel: `discord:${fake.channel.id}`, learn: '3' },
    ]);
  });

  it('that is private is answered to its caller alone', async () => {
    const { fake, by } = await start();
    const interaction = await settled(await fake.slash('status', {}, by));
    expect(talk.said(interaction)).toEqual([{ text: 'done', ephemeral: true }]);
    expect(fake.channel.messages).toEqual([]);
  });

  it('that is public is answered in the channel', async () => {
    const { fake, by } = await start({ command: () => publicly(cardSaying('scan 7 is queued')) });
    const interaction = await settled(await fake.slash('scan now', { group: 'lab' }, by));
    expect(talk.said(interaction)).toEqual([{ text: 'scan 7 is queued', ephemeral: false }]);
    expect(fake.channel.messages).toHaveLength(1);
  });

  it('that is refused although it is public answers its caller alone', async () => {
    const { fake, by } = await start({ command: () => privately(cardSaying('you may not')) });
    const interaction = await settled(await fake.slash('scan now', { group: 'lab' }, by));
    await talk.finished();
    expect(talk.said(interaction)).toEqual([{ text: 'you may not', ephemeral: true }]);
    expect(fake.channel.messages).toEqual([]);
  });

  it('without a result leaves nothing behind', async () => {
    const { fake, by } = await start({ command: () => ({ type: 'silent' }) });
    const interaction = await settled(await fake.slash('status', {}, by));
    await talk.finished();
    expect(talk.said(interaction)).toEqual([]);
  });

  it('that takes longer than 3 s is acknowledged first, and answered later', async () => {
    const { fake, by } = await start({ command: () => slowly(privately(cardSaying('late')), 3200) });
    const interaction = await fake.slash('status', {}, by);
    expect(interaction.first?.type).toBe(5);
    expect(interaction.first?.afterMs).toBeLessThan(onThisMachine(3000));
    expect(talk.said(await settled(interaction))).toEqual([{ text: 'late', ephemeral: true }]);
  });

  it('that outlives its 15 minutes is answered by an ordinary message', async () => {
    const late = { resolve: (_: CommandResult) => {} };
    const { fake, by } = await start({
      command: () => new Promise<CommandResult>((resolve) => Object.assign(late, { resolve })),
    });
    const interaction = await fake.slash('scan now', { group: 'lab' }, by);
    interaction.expired = true;
    late.resolve(publicly(cardSaying('scan 7 is done')));
    await talk.finished();
    expect(fake.channel.messages.map((message) => fake.see(message).text)).toContain('scan 7 is done');
  });

  it('that outlives them and is private is answered by a direct message', async () => {
    const late = { resolve: (_: CommandResult) => {} };
    const { fake, by } = await start({
      command: () => new Promise<CommandResult>((resolve) => Object.assign(late, { resolve })),
    });
    const interaction = await fake.slash('status', {}, by);
    interaction.expired = true;
    late.resolve(privately(cardSaying('only for alice')));
    await talk.finished();
    expect(fake.channel.messages).toEqual([]);
    const direct = [...fake.world.channels.values()].find((channel) => channel.type === 1);
    expect(direct?.messages.map((message) => fake.see(message).text)).toEqual(['only for alice']);
  });

  it('whose answer Discord refuses is answered by an ordinary message, because it is done', async () => {
    const { fake, by } = await start();
    fake.faults.add({ kind: 'error', path: /callback$/, times: 3 });
    await expect(fake.slash('status', {}, by)).rejects.toThrow('an answer did not come');
    await talk.finished();
    expect(talk.calls.commands).toHaveLength(1);
    const direct = [...fake.world.channels.values()].find((channel) => channel.type === 1);
    expect(direct?.messages.map((message) => fake.see(message).text)).toEqual(['done']);
  });

  it('that another bot on the same database carries out is left to it', async () => {
    const { fake, by } = await start({}, { claim: async () => false });
    await expect(fake.slash('status', {}, by)).rejects.toThrow('an answer did not come');
    expect(talk.calls.commands).toEqual([]);
  });

  it('whose acknowledgement arrives although its response is lost is carried out once', async () => {
    const { fake, by } = await start();
    fake.faults.add({ kind: 'lose-answer', path: /callback$/ });
    const interaction = await settled(await fake.slash('status', {}, by));
    expect(talk.said(interaction)).toEqual([{ text: 'done', ephemeral: true }]);
    expect(talk.calls.commands).toHaveLength(1);
  });

  it('that fails because of an internal error says so, without the cause', async () => {
    const { fake, by } = await start({ command: () => Promise.reject(new Error('secret reason')) });
    const [answer] = talk.said(await settled(await fake.slash('status', {}, by)));
    expect(answer?.text).toContain('Something went wrong');
    expect(answer?.text).not.toContain('secret reason');
  });

  it('is answered while deliveries are held back by the global rate limit', async () => {
    const { fake, by } = await start();
    fake.faults.add({ kind: 'rate-limit-global', retryAfter: 30 });
    const ref = { channel: `discord:${fake.channel.id}`, card: cardSaying('held'), nonce: 'n' };
    await expect(talk.chat.post(ref)).rejects.toMatchObject({ retryable: true });
    expect(talk.said(await settled(await fake.slash('status', {}, by)))).toEqual([{ text: 'done', ephemeral: true }]);
    fake.faults.clear();
  });
});

describe('who is served', () => {
  it('in a direct message is refused politely', async () => {
    const { fake, by } = await start({}, { everywhere: true });
    const direct = { ...fake.channel, guildId: undefined, type: 1 };
    const interaction = await settled(await fake.slash('status', {}, { ...by, channel: direct }));
    expect(talk.said(interaction)[0]?.text).toContain('not in direct messages');
    expect(talk.calls.commands).toEqual([]);
  });

  it('on another server than the configured one is refused', async () => {
    const { fake, by } = await start();
    const elsewhere = fake.addChannel('elsewhere', { guild: fake.addGuild('Other') });
    fake.world.commands.set('global', fake.world.commands.get(fake.guild.id) ?? []);
    const interaction = await settled(await fake.slash('status', {}, { ...by, channel: elsewhere }));
    expect(talk.said(interaction)).toEqual([{ text: 'NetDelta does not serve this server.', ephemeral: true }]);
    const typed = await fake.autocomplete('group show', { option: 'name', typed: 'la' }, { ...by, channel: elsewhere });
    expect(typed.choices).toEqual([]);
    expect(talk.calls).toMatchObject({ commands: [], completions: [] });
  });

  it('without a configured server is served on the only one that the bot is in', async () => {
    const { fake, by } = await start({}, { everywhere: true });
    expect(talk.said(await settled(await fake.slash('status', {}, by)))).toEqual([{ text: 'done', ephemeral: true }]);
  });
});

describe('autocomplete', () => {
  it('passes on the typed text and the other options, and shows the suggestions in order', async () => {
    const found = [
      { value: 'la', label: 'la' },
      { value: 'lab', label: 'lab (3 hosts)' },
    ];
    const { fake, by } = await start({ complete: () => found });
    const { choices } = await fake.autocomplete('group show', { option: 'name', typed: 'la' }, by);
    expect(choices).toEqual(found.map(({ value, label }) => ({ name: label, value })));
    expect(talk.calls.completions).toMatchObject([
      { path: ['group', 'show'], option: 'name', typed: 'la', options: {} },
    ]);
  });

  it('keeps Discord’s 25 choices of 100 characters', async () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ value: `v${index}`, label: 'x'.repeat(200) }));
    const { fake, by } = await start({ complete: () => [{ value: 'y'.repeat(101), label: 'too long' }, ...many] });
    const { choices } = await fake.autocomplete('group show', { option: 'name', typed: '' }, by);
    expect(choices).toHaveLength(25);
    expect(choices?.[0]?.value).toBe('v0');
  });

  it('returns nothing when the suggestions fail', async () => {
    const { fake, by } = await start({
      complete: () => {
        throw new Error('no store');
      },
    });
    expect((await fake.autocomplete('group show', { option: 'name', typed: 'x' }, by)).choices).toEqual([]);
  });
});
