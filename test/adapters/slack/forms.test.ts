import { afterEach, describe, expect, it } from 'vitest';
import type { Form } from '../../../src/cards/form.ts';
import type { ClickCall, CommandCall, CommandResult } from '../../../src/commands/dispatcher.ts';
import { cardOf, outgoing } from '../chat-contract-cards.ts';
import { eventually } from './eventually.ts';
import { type Lab, openLab } from './harness.ts';
import { cardResult, type Recorded, recorded } from './recorded.ts';

let lab: Lab;
afterEach(() => lab.close());

const FORM: Form = {
  target: { type: 'command', path: ['group', 'add'] },
  title: 'Define a new group of hosts',
  submit: 'Add group',
  fields: [
    { name: 'name', label: 'Name', kind: 'text', required: true },
    { name: 'targets', label: 'Targets', hint: 'CIDR, ranges, names', kind: 'long-text', required: true },
    {
      name: 'profile',
      label: 'Profile',
      kind: 'select',
      required: false,
      initial: 'standard',
      choices: [
        { value: 'quick', label: 'Quick' },
        { value: 'standard', label: 'Standard' },
      ],
    },
    { name: 'channel', label: 'Channel', kind: 'channel', required: false, initial: 'slack:C0OTHER' },
    { name: 'down-after', label: 'Down after', kind: 'number', required: false, initial: '3' },
    { name: 'ignore-tcpwrapped', label: 'Ignore tcpwrapped', kind: 'boolean', required: true },
  ],
};

type Answer = (call: CommandCall | ClickCall) => CommandResult | Promise<CommandResult>;

/** The first call opens the form, the next ones answer it. */
async function opened(answer: Answer, form = FORM): Promise<Recorded> {
  const asked = recorded((call) => {
    const first = asked.commands.length + asked.clicks.length === 1;
    return first ? { type: 'form', form } : answer(call);
  });
  lab = await openLab({ dispatcher: asked.dispatcher });
  await lab.slack.start();
  await lab.fake.command('/netdelta group add');
  await eventually(() => lab.fake.modals.open()?.title).toBeDefined();
  return asked;
}

const FILLED = { Name: 'dmz', Targets: '10.0.0.0/24' };

describe('a form', () => {
  it('opens as a modal with a field for each option, and its initial values', async () => {
    await opened(() => ({ type: 'silent' }));
    expect(lab.fake.modals.open()).toEqual({
      title: 'Define a new group of h…',
      fields: [
        { label: 'Name', optional: false, value: '' },
        { label: 'Targets', hint: 'CIDR, ranges, names', optional: false, value: '' },
        { label: 'Profile', optional: true, value: 'Standard', choices: ['Quick', 'Standard'] },
        { label: 'Channel', optional: true, value: 'C0OTHER' },
        { label: 'Down after', optional: true, value: '3' },
        { label: 'Ignore tcpwrapped', optional: true, value: '', choices: ['Yes'] },
      ],
    });
  });

  it('shows advanced fields on request, and stays a form of the same command', async () => {
    const fields = FORM.fields.map((field) => (field.required ? field : { ...field, advanced: true as const }));
    const { dispatcher, commands } = recorded((call) =>
      'input' in call && call.canShowForm ? { type: 'form', form: { ...FORM, fields } } : cardResult('dmz added'),
    );
    lab = await openLab({ dispatcher });
    await lab.slack.start();
    await lab.fake.command('/netdelta group add');
    const labels = () => (lab.fake.modals.open()?.fields ?? []).map(({ label }) => label);
    await eventually(labels).toEqual(['Name', 'Targets', 'Ignore tcpwrapped']);
    await lab.fake.clickInModal('Advanced…');
    await eventually(labels).toEqual(FORM.fields.map(({ label }) => label));
    expect(commands[1]).toMatchObject({ canShowForm: true, input: { path: ['group', 'add'], options: {} } });
    await lab.fake.modals.submit(FILLED);
    expect(commands[2]).toMatchObject({ fromForm: true, input: { options: { name: 'dmz' } } });
  });

  it('is submitted as the options of its command', async () => {
    const { commands } = await opened(() => cardResult('dmz added'));
    await lab.fake.modals.submit({ ...FILLED, Profile: 'Quick', 'Ignore tcpwrapped': 'Yes', 'Down after': '' });
    expect(commands[1]).toMatchObject({
      principal: { key: 'slack:U0ALICE' },
      channel: 'slack:C0ALERTS',
      canShowForm: false,
      fromForm: true,
      input: {
        type: 'options',
        path: ['group', 'add'],
        options: {
          name: 'dmz',
          targets: '10.0.0.0/24',
          profile: 'quick',
          channel: 'slack:C0OTHER',
          'ignore-tcpwrapped': 'true',
        },
      },
    });
    expect(lab.fake.modals.open()).toBeUndefined();
    await eventually(() => lab.fake.ephemeralsOf('U0ALICE').map(lab.fake.textOf)).toEqual(['dmz added']);
  });

  it('shows mistakes beside their fields, keeps what was typed, and takes the next try', async () => {
    const errors: CommandResult = {
      type: 'field-errors',
      errors: { targets: '10.0.0.0/33 is no network.', other: 'And this.' },
    };
    let tries = 0;
    await opened(() => (++tries === 1 ? errors : cardResult('dmz added')));
    await lab.fake.modals.submit({ ...FILLED, Targets: '10.0.0.0/33' });
    const fields = lab.fake.modals.open()?.fields ?? [];
    expect(fields.find((field) => field.label === 'Targets')?.error).toBe('10.0.0.0/33 is no network.');
    expect(fields.find((field) => field.label === 'Name')?.error).toBe('And this.');
    await lab.fake.modals.submit(FILLED);
    expect(lab.fake.modals.open()).toBeUndefined();
  });

  it('shows a refusal in front of itself, so that nothing typed is lost', async () => {
    await opened(() => cardResult('Only operators may.', { outcome: 'refused' }));
    const { payload } = await lab.fake.modals.submit(FILLED);
    expect(payload['response_action']).toBe('push');
    expect(lab.fake.workspace.modals.get('U0ALICE')?.below?.view).toMatchObject({
      title: { text: 'Define a new group of h…' },
    });
  });

  it('whose work takes longer than Slack waits is closed, and answered where it was opened', async () => {
    let finish = (_result: CommandResult) => {};
    await opened(() => new Promise((resolve) => (finish = resolve)));
    await lab.fake.modals.submit(FILLED);
    expect(lab.fake.modals.open()).toBeUndefined();
    finish({ type: 'field-errors', errors: { targets: 'name.example does not resolve.' } });
    await eventually(() => lab.fake.ephemeralsOf('U0ALICE').map(lab.fake.textOf).join()).toContain('does not resolve');
  });

  it('that Slack no longer opens is reported, with what to do', async () => {
    const asked = recorded(() => ({ type: 'form', form: FORM }));
    lab = await openLab({ dispatcher: asked.dispatcher });
    await lab.slack.start();
    lab.fake.faults.add({ fault: { kind: 'refused', code: 'expired_trigger_id' }, method: 'views.open' });
    await lab.fake.command('/netdelta group add');
    await eventually(() => lab.fake.ephemeralsOf('U0ALICE').map(lab.fake.textOf).join()).toContain('Try once more');
  });

  it('of a button is answered as a click with its fields', async () => {
    const note: Form = {
      target: { type: 'action', actionId: 'nd1;acknowledge-note;12;10.0.0.5;' },
      title: 'Acknowledge',
      submit: 'Acknowledge',
      fields: [{ name: 'note', label: 'Note', kind: 'long-text', required: false }],
    };
    const asked = recorded((call) => ('fields' in call ? { type: 'silent' } : { type: 'form', form: note }));
    lab = await openLab({ dispatcher: asked.dispatcher });
    await lab.slack.start();
    await lab.slack.chat.post(outgoing('slack:C0ALERTS', cardOf({ title: 'alert' })));
    const [message] = lab.fake.messagesIn('C0ALERTS');
    if (message !== undefined) await lab.fake.click(message, 'Acknowledge');
    await eventually(() => lab.fake.modals.open()?.title).toBe('Acknowledge');
    await lab.fake.modals.submit({ Note: 'planned <work> & more' });
    expect(asked.clicks.at(-1)).toMatchObject({
      channel: 'slack:C0ALERTS',
      actionId: 'nd1;acknowledge-note;12;10.0.0.5;',
      fields: { note: 'planned <work> & more' },
    });
    expect(lab.fake.modals.open()).toBeUndefined();
  });
});
