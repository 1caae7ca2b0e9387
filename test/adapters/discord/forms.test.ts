import { afterEach, describe, expect, it } from 'vitest';
import type { Form } from '../../../src/cards/form.ts';
import { settled } from '../../fakes/discord/interaction.ts';
import { type Conversation, openConversation } from './conversation.ts';

let talk: Conversation;
afterEach(() => talk.close());

async function start(...options: Parameters<typeof openConversation>): Promise<Conversation> {
  talk = await openConversation(...options);
  return talk;
}

const NOTE_FORM: Form = {
  target: { type: 'action', actionId: 'nd1;expected;12;10.0.0.5;' },
  title: 'Expected',
  submit: 'Save',
  fields: [{ name: 'note', label: 'Note', kind: 'long-text', required: true, hint: 'Why', initial: 'planned' }],
};

describe('a form', () => {
  it('opens as the first answer to a click, with its hint and initial values', async () => {
    const { fake, by, alert } = await start({ click: () => ({ type: 'form', form: NOTE_FORM }) });
    const opened = await fake.click(alert, 'Expected', by);
    expect(talk.calls.clicks).toMatchObject([{ canShowForm: true }]);
    expect(opened.modal).toMatchObject({
      title: 'Expected',
      components: [{ type: 18, label: 'Note', description: 'Why', component: { type: 4, style: 2, value: 'planned' } }],
    });
  });

  it('submitted passes on its fields with the action', async () => {
    const { fake, by, alert } = await start({
      click: ({ fields }) => (fields === undefined ? { type: 'form', form: NOTE_FORM } : { type: 'silent' }),
    });
    const opened = await fake.click(alert, 'Expected', by);
    const sent = await settled(await fake.submitModal(opened, { note: 'maintenance\nticket 7' }, by));
    await talk.finished();
    expect(sent.first?.type).toBe(6);
    expect(talk.calls.clicks[1]).toMatchObject({
      actionId: 'nd1;expected;12;10.0.0.5;',
      fields: { note: 'maintenance\nticket 7' },
    });
  });

  it('opens from a menu too', async () => {
    const { fake, by, alert } = await start({ click: () => ({ type: 'form', form: NOTE_FORM }) });
    expect((await fake.select(alert, 'Acknowledge with a note…', by)).modal?.title).toBe('Expected');
  });

  it('that takes too long to open is reported instead, and nothing is lost', async () => {
    const { fake, by, alert } = await start({
      click: () => new Promise((resolve) => setTimeout(() => resolve({ type: 'form', form: NOTE_FORM }), 1800)),
    });
    const interaction = await settled(await fake.click(alert, 'Expected', by));
    await talk.finished();
    expect(talk.said(interaction)).toEqual([{ text: expect.stringContaining('took too long'), ephemeral: true }]);
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

  it('of a command has five fields, including all required ones', async () => {
    const { fake, by } = await start({ command: () => ({ type: 'form', form: GROUP_FORM }) });
    const opened = await fake.slash('group add', {}, by);
    expect(talk.calls.commands).toMatchObject([{ canShowForm: true }]);
    expect(opened.modal?.components.map(({ component }) => component?.custom_id)).toEqual([
      'description',
      'name',
      'profile',
      'channel',
      'targets',
    ]);
  });

  it('of a command is another way to type it, and names the fields with errors', async () => {
    const { fake, by } = await start({
      command: ({ fromForm }) =>
        fromForm === true
          ? { type: 'field-errors', errors: { targets: '“10.0.0.0/33” is no network.' } }
          : { type: 'form', form: GROUP_FORM },
    });
    const opened = await fake.slash('group add', {}, by);
    const fields = { name: 'lab', targets: '10.0.0.0/33', profile: ['quick'], channel: [fake.channel.id] };
    const sent = await settled(await fake.submitModal(opened, fields, by));
    expect(talk.calls.commands[1]).toMatchObject({
      fromForm: true,
      input: {
        path: ['group', 'add'],
        options: { name: 'lab', targets: '10.0.0.0/33', profile: 'quick', channel: `discord:${fake.channel.id}` },
      },
    });
    const [errors] = talk.said(sent);
    expect(errors?.ephemeral).toBe(true);
    expect(errors?.text).toContain('targets: “10.0.0.0/33” is no network.');
    expect(errors?.text).toContain('name: lab\n');
  });
});
