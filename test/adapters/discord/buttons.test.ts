import { afterEach, describe, expect, it } from 'vitest';
import type { Card } from '../../../src/cards/card.ts';
import type { Form } from '../../../src/cards/form.ts';
import type { CommandResult } from '../../../src/commands/dispatcher.ts';
import type { By, FakeDiscord } from '../../fakes/discord/fake-discord.ts';
import { answersOf, EPHEMERAL, type FakeInteraction, settled } from '../../fakes/discord/interaction.ts';
import type { FakeMessage } from '../../fakes/discord/world.ts';
import { type Bench, openBench } from './harness.ts';
import { type Calls, cardSaying, privately, publicly, recordingDispatcher } from './some-commands.ts';

const SCOPE = { alert: 12, host: '10.0.0.5' };
const ALERT: Card = {
  title: '10.0.0.5: service added',
  tone: 'high',
  sections: [],
  controls: [
    { type: 'button', label: 'Acknowledge', style: 'primary', action: { type: 'acknowledge', scope: SCOPE } },
    { type: 'button', label: 'Expected', style: 'default', action: { type: 'expected', scope: SCOPE } },
    { type: 'button', label: 'Undo', style: 'danger', action: { type: 'undo', scope: SCOPE }, confirm: 'Sure?' },
    {
      type: 'menu',
      label: 'More',
      options: [
        { label: 'Acknowledge with a note…', action: { type: 'acknowledge-note', scope: SCOPE } },
        { label: 'Mute for 1 day', action: { type: 'mute', scope: SCOPE, forMs: 86_400_000 } },
      ],
    },
  ],
};
const NOTE_FORM: Form = {
  target: { type: 'action', actionId: 'nd1;expected;12;10.0.0.5;' },
  title: 'Expected',
  submit: 'Save',
  fields: [{ name: 'note', label: 'Note', kind: 'long-text', required: true, hint: 'Why', initial: 'planned' }],
};

let bench: Bench;
let calls: Calls;
afterEach(async () => {
  await bench.close();
  expect(bench.fake.complaints).toEqual([]);
});

async function start(
  answers: Parameters<typeof recordingDispatcher>[0] = {},
): Promise<{ fake: FakeDiscord; by: By; alert: FakeMessage }> {
  const recording = recordingDispatcher(answers);
  calls = recording.calls;
  bench = await openBench({ dispatcher: recording.dispatcher });
  await bench.discord.start();
  const { fake } = bench;
  const ref = await bench.discord.chat.post({ channel: `discord:${fake.channel.id}`, card: ALERT, nonce: 'alert' });
  const alert = fake.message(ref.id);
  if (alert === undefined) throw new Error('no alert');
  return { fake, by: { user: fake.addUser('alice'), channel: fake.channel }, alert };
}

function said(interaction: FakeInteraction): { text: string; ephemeral: boolean }[] {
  return answersOf(interaction).map((message) => ({
    text: bench.fake.see(message).text,
    ephemeral: (message.flags & EPHEMERAL) !== 0,
  }));
}

describe('a button', () => {
  it('tells its action and who pressed it, and says nothing where the edit says it all', async () => {
    const { fake, by, alert } = await start();
    const interaction = await settled(await fake.click(alert, 'Acknowledge', by));
    await bench.discord.stop();
    expect(interaction.first?.type).toBe(6);
    expect(calls.clicks).toMatchObject([
      { actionId: 'nd1;acknowledge;12;10.0.0.5;', canShowForm: false, principal: { name: 'alice' } },
    ]);
    expect(said(interaction)).toEqual([]);
  });

  it('is answered beside its message, to the one who pressed it', async () => {
    const { fake, by, alert } = await start({ click: () => privately(cardSaying('bob was first')) });
    const interaction = await settled(await fake.click(alert, 'Acknowledge', by));
    await bench.discord.stop();
    expect(said(interaction)).toEqual([{ text: 'bob was first', ephemeral: true }]);
    expect(fake.see(alert).text).toContain('service added');
  });

  it('may have its message replaced', async () => {
    const { fake, by, alert } = await start({
      click: () => ({ ...privately(cardSaying('page 2')), replace: true }) as CommandResult,
    });
    await settled(await fake.click(alert, 'Acknowledge', by));
    await bench.discord.stop();
    expect(fake.see(alert)).toMatchObject({ text: 'page 2', buttons: [], menus: [] });
  });

  it('may be answered for all', async () => {
    const { fake, by, alert } = await start({ click: () => publicly(cardSaying('scan 8 is queued')) });
    await settled(await fake.click(alert, 'Acknowledge', by));
    await bench.discord.stop();
    expect(fake.channel.messages.map((message) => fake.see(message).text)).toContain('scan 8 is queued');
  });

  it('pressed by two at once is told twice, and each is answered', async () => {
    const { fake, by, alert } = await start({
      click: ({ principal }) => privately(cardSaying(`answer to ${principal.name}`)),
    });
    const bob: By = { user: fake.addUser('bob'), channel: fake.channel };
    const both = await Promise.all([fake.click(alert, 'Acknowledge', by), fake.click(alert, 'Acknowledge', bob)]);
    await bench.discord.stop();
    expect(both.flatMap(said)).toEqual([
      { text: 'answer to alice', ephemeral: true },
      { text: 'answer to bob', ephemeral: true },
    ]);
  });

  it('that asks first is only carried out when it was meant', async () => {
    const { fake, by, alert } = await start();
    const question = await settled(await fake.click(alert, 'Undo', by));
    expect(said(question)).toEqual([{ text: 'Undo: are you sure?', ephemeral: true }]);
    expect(calls.clicks).toEqual([]);
    const [asked] = answersOf(question);
    if (asked === undefined) throw new Error('no question');
    await settled(await fake.click(asked, 'Undo', by));
    await bench.discord.stop();
    expect(calls.clicks).toMatchObject([{ actionId: 'nd1;undo;12;10.0.0.5;' }]);
    expect(fake.see(asked)).toMatchObject({ text: 'Done', buttons: [] });
  });

  it('works after a restart', async () => {
    const { fake, by, alert } = await start();
    await bench.discord.stop();
    const after = recordingDispatcher();
    const again = await openBench({ fake, dispatcher: after.dispatcher });
    await again.discord.start();
    await settled(await fake.click(alert, 'Acknowledge', by));
    await again.close();
    expect(after.calls.clicks).toMatchObject([{ actionId: 'nd1;acknowledge;12;10.0.0.5;' }]);
  });
});

describe('a menu', () => {
  it('tells the action of what was chosen', async () => {
    const { fake, by, alert } = await start();
    expect(fake.see(alert).menus).toEqual([{ label: 'More', options: ['Acknowledge with a note…', 'Mute for 1 day'] }]);
    await settled(await fake.select(alert, 'Mute for 1 day', by));
    await bench.discord.stop();
    expect(calls.clicks).toMatchObject([{ actionId: 'nd1;mute;12;10.0.0.5;;86400000' }]);
  });
});

describe('a form', () => {
  it('opens as the first answer to a click, with its hint and what is known', async () => {
    const { fake, by, alert } = await start({ click: () => ({ type: 'form', form: NOTE_FORM }) });
    const opened = await fake.click(alert, 'Expected', by);
    expect(calls.clicks).toMatchObject([{ canShowForm: true }]);
    expect(opened.modal).toMatchObject({
      title: 'Expected',
      components: [{ type: 18, label: 'Note', description: 'Why', component: { type: 4, style: 2, value: 'planned' } }],
    });
  });

  it('submitted tells its fields with the action', async () => {
    const { fake, by, alert } = await start({
      click: ({ fields }) => (fields === undefined ? { type: 'form', form: NOTE_FORM } : { type: 'silent' }),
    });
    const opened = await fake.click(alert, 'Expected', by);
    const sent = await settled(await fake.submitModal(opened, { note: 'maintenance\nticket 7' }, by));
    await bench.discord.stop();
    expect(sent.first?.type).toBe(6);
    expect(calls.clicks[1]).toMatchObject({
      actionId: 'nd1;expected;12;10.0.0.5;',
      fields: { note: 'maintenance\nticket 7' },
    });
  });

  it('opens from a menu too', async () => {
    const { fake, by, alert } = await start({ click: () => ({ type: 'form', form: NOTE_FORM }) });
    expect((await fake.select(alert, 'Acknowledge with a note…', by)).modal?.title).toBe('Expected');
  });

  it('that takes too long to open is told instead, and nothing is lost', async () => {
    const { fake, by, alert } = await start({
      click: () => new Promise((resolve) => setTimeout(() => resolve({ type: 'form', form: NOTE_FORM }), 1800)),
    });
    const interaction = await settled(await fake.click(alert, 'Expected', by));
    await bench.discord.stop();
    expect(said(interaction)).toEqual([{ text: expect.stringContaining('took too long'), ephemeral: true }]);
  });

  const GROUP_FORM: Form = {
    target: { type: 'command', path: ['group', 'add'] },
    title: 'A new group, whose title is far too long for what Discord allows',
    submit: 'Add',
    fields: [
      { name: 'description', label: 'Description', kind: 'text', required: false },
      { name: 'name', label: 'Name', kind: 'text', required: true },
      {
        name: 'profile',
        label: 'Profile',
        kind: 'select',
        required: false,
        choices: [{ value: 'quick', label: 'Quick' }],
      },
      { name: 'channel', label: 'Channel', kind: 'channel', required: false, initial: 'discord:80351110224678912' },
      { name: 'hide', label: 'Hide repeats', kind: 'boolean', required: false, initial: 'true' },
      { name: 'learn', label: 'Learn', kind: 'number', required: false },
      { name: 'targets', label: 'Targets', kind: 'long-text', required: true },
    ],
  };

  it('of a command takes five fields, those that must be filled in among them', async () => {
    const { fake, by } = await start({ command: () => ({ type: 'form', form: GROUP_FORM }) });
    const opened = await fake.slash('group add', {}, by);
    expect(calls.commands).toMatchObject([{ canShowForm: true }]);
    expect(opened.modal?.components.map(({ component }) => component?.custom_id)).toEqual([
      'description',
      'name',
      'profile',
      'channel',
      'targets',
    ]);
  });

  it('of a command is another way to type it, and shows its errors by their names', async () => {
    const { fake, by } = await start({
      command: ({ fromForm }) =>
        fromForm === true
          ? { type: 'field-errors', errors: { targets: '“10.0.0.0/33” is no network.' } }
          : { type: 'form', form: GROUP_FORM },
    });
    const opened = await fake.slash('group add', {}, by);
    const fields = { name: 'lab', targets: '10.0.0.0/33', profile: ['quick'], channel: [fake.channel.id] };
    const sent = await settled(await fake.submitModal(opened, fields, by));
    expect(calls.commands[1]).toMatchObject({
      fromForm: true,
      input: {
        path: ['group', 'add'],
        options: { name: 'lab', targets: '10.0.0.0/33', profile: 'quick', channel: `discord:${fake.channel.id}` },
      },
    });
    const [errors] = said(sent);
    expect(errors?.ephemeral).toBe(true);
    expect(errors?.text).toContain('targets: “10.0.0.0/33” is no network.');
    expect(errors?.text).toContain('name: lab\n');
  });
});
