import { afterEach, describe, expect, it } from 'vitest';
import type { CommandResult } from '../../../src/commands/dispatcher.ts';
import type { By } from '../../fakes/discord/fake-discord.ts';
import { answersOf, settled } from '../../fakes/discord/interaction.ts';
import { type Conversation, openConversation } from './conversation.ts';
import { openBench } from './harness.ts';
import { cardSaying, privately, publicly, recordingDispatcher } from './some-commands.ts';

let talk: Conversation;
afterEach(() => talk.close());

async function start(...options: Parameters<typeof openConversation>): Promise<Conversation> {
  talk = await openConversation(...options);
  return talk;
}

describe('the menu of a message', () => {
  it('does what the buttons of an alert do, and is always answered', async () => {
    const { fake, by, alert } = await start();
    const interaction = await settled(await fake.chooseFromMenu(alert, 'Acknowledge', by));
    await talk.finished();
    expect(talk.calls.clicks).toMatchObject([{ actionId: 'nd1;acknowledge;12;10.0.0.5;', canShowForm: false }]);
    expect(talk.said(interaction)).toEqual([{ text: '☑️ Acknowledged', ephemeral: true }]);
  });

  it('explains why', async () => {
    const { fake, by, alert } = await start({ click: () => privately(cardSaying('open since Monday')) });
    const interaction = await settled(await fake.chooseFromMenu(alert, 'Why?', by));
    await talk.finished();
    expect(talk.calls.clicks).toMatchObject([{ actionId: 'nd1;why;12;10.0.0.5;' }]);
    expect(talk.said(interaction)).toEqual([{ text: 'open since Monday', ephemeral: true }]);
  });

  it('of a message that is no alert says so', async () => {
    const { fake, by, alert } = await start();
    const interaction = await settled(await fake.chooseFromMenu({ ...alert, components: [] }, 'Acknowledge', by));
    await talk.finished();
    expect(talk.calls.clicks).toEqual([]);
    expect(
      talk
        .said(interaction)
        .map(({ text }) => text)
        .join(),
    ).toContain('That is no alert of NetDelta');
  });
});

describe('a button', () => {
  it('passes on its action and who pressed it, and adds no reply when the edit is enough', async () => {
    const { fake, by, alert } = await start();
    const interaction = await settled(await fake.click(alert, 'Acknowledge', by));
    await talk.finished();
    expect(interaction.first?.type).toBe(6);
    expect(talk.calls.clicks).toMatchObject([
      { actionId: 'nd1;acknowledge;12;10.0.0.5;', canShowForm: false, principal: { name: 'alice' } },
    ]);
    expect(talk.said(interaction)).toEqual([]);
  });

  it('is answered next to its message, to the person who pressed it', async () => {
    const { fake, by, alert } = await start({ click: () => privately(cardSaying('bob was first')) });
    const interaction = await settled(await fake.click(alert, 'Acknowledge', by));
    await talk.finished();
    expect(talk.said(interaction)).toEqual([{ text: 'bob was first', ephemeral: true }]);
    expect(fake.see(alert).text).toContain('service added');
  });

  it('may have its message replaced', async () => {
    const { fake, by, alert } = await start({
      click: () => ({ ...privately(cardSaying('page 2')), replace: true }) as CommandResult,
    });
    await settled(await fake.click(alert, 'Acknowledge', by));
    await talk.finished();
    expect(fake.see(alert)).toMatchObject({ text: 'page 2', buttons: [], menus: [] });
  });

  it('may be answered publicly', async () => {
    const { fake, by, alert } = await start({ click: () => publicly(cardSaying('scan 8 is queued')) });
    await settled(await fake.click(alert, 'Acknowledge', by));
    await talk.finished();
    expect(fake.channel.messages.map((message) => fake.see(message).text)).toContain('scan 8 is queued');
  });

  it('pressed by two people at once reaches the dispatcher twice, and each is answered', async () => {
    const { fake, by, alert } = await start({
      click: ({ principal }) => privately(cardSaying(`answer to ${principal.name}`)),
    });
    const bob: By = { user: fake.addUser('bob'), channel: fake.channel };
    const both = await Promise.all([fake.click(alert, 'Acknowledge', by), fake.click(alert, 'Acknowledge', bob)]);
    await talk.finished();
    expect(both.flatMap((interaction) => talk.said(interaction))).toEqual([
      { text: 'answer to alice', ephemeral: true },
      { text: 'answer to bob', ephemeral: true },
    ]);
  });

  it('that asks first only acts after the confirmation', async () => {
    const { fake, by, alert } = await start();
    const question = await settled(await fake.click(alert, 'Undo', by));
    expect(talk.said(question)).toEqual([{ text: 'Undo: are you sure?', ephemeral: true }]);
    expect(talk.calls.clicks).toEqual([]);
    const [asked] = answersOf(question);
    if (asked === undefined) throw new Error('no question');
    await settled(await fake.click(asked, 'Undo', by));
    await talk.finished();
    expect(talk.calls.clicks).toMatchObject([{ actionId: 'nd1;undo;12;10.0.0.5;' }]);
    expect(fake.see(asked)).toMatchObject({ text: '✅ Done', buttons: [] });
  });

  it('works after a restart', async () => {
    const { fake, by, alert } = await start();
    await talk.finished();
    const after = recordingDispatcher();
    const again = await openBench({ fake, dispatcher: after.dispatcher });
    await again.discord.start();
    await settled(await fake.click(alert, 'Acknowledge', by));
    await again.close();
    expect(after.calls.clicks).toMatchObject([{ actionId: 'nd1;acknowledge;12;10.0.0.5;' }]);
  });
});

describe('a menu', () => {
  it('passes on the action of the chosen option', async () => {
    const { fake, by, alert } = await start();
    expect(fake.see(alert).menus).toEqual([{ label: 'More', options: ['Acknowledge with a note…', 'Mute for 1 day'] }]);
    await settled(await fake.select(alert, 'Mute for 1 day', by));
    await talk.finished();
    expect(talk.calls.clicks).toMatchObject([{ actionId: 'nd1;mute;12;10.0.0.5;;86400000' }]);
  });
});
