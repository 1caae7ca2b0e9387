import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modalOf } from '../../adapters/discord/inbound/modal.ts';
import type { Form } from '../../src/cards/form.ts';
import { commandDescriptions } from '../../src/commands/grammar/all-commands.ts';
import { groupAsOptions } from '../../src/core/group-options/group-as-options.ts';
import { addGroup, type Lab, openLab } from './lab.ts';
import { textOf } from './text.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

async function formOf(line: string): Promise<Form> {
  const result = await lab.run(line, { canShowForm: true });
  if (result.type !== 'form') throw new Error(`no form but ${JSON.stringify(result)}`);
  return result.form;
}

async function formOfAdded(line: string): Promise<Form['fields']> {
  await addGroup(lab);
  return (await formOf(line)).fields;
}

const submit = (path: readonly string[], options: Record<string, string>) =>
  lab.run('', { input: { type: 'options', path, options }, fromForm: true });

describe('a form', () => {
  it('opens for a command without arguments, with the options of the text grammar', async () => {
    const form = await formOf('group add');
    const definition = commandDescriptions.find(({ path }) => path.join(' ') === 'group add');
    expect(form.target).toEqual({ type: 'command', path: ['group', 'add'] });
    const names = form.fields.map((field) => field.name).filter((name) => name !== 'notify-from');
    expect(names).toEqual(definition?.options.map((option) => option.name));
    expect(form.title.length).toBeLessThanOrEqual(24);
    expect(form.fields.find((field) => field.name === 'profile')).toMatchObject({ kind: 'select', required: false });
    expect(form.fields.find((field) => field.name === 'targets')).toMatchObject({ kind: 'long-text', required: true });
    expect(form.fields.find((field) => field.name === 'channel')?.kind).toBe('channel');
  });

  it('asks the five things that matter, and keeps the rest for those who look for it', async () => {
    const { fields } = await formOf('group add');
    expect(fields.filter(({ advanced }) => advanced !== true).map(({ label, kind }) => `${label} ${kind}`)).toEqual([
      'What is it called? text',
      'Which addresses belong to it? long-text',
      'How thorough is a scan? select',
      'Where do its alerts go? channel',
      'Who is pinged? person',
      'From which risk on? select',
    ]);
    expect((await formOfAdded('schedule add')).filter(({ advanced }) => advanced === true)).toEqual([]);
  });

  it('asks on Discord, which has room for five, from which risk somebody is pinged', async () => {
    const discord = { key: 'discord:80351110224678912', platform: 'discord', name: 'ann', memberships: [] } as const;
    await lab.grant(discord.key, 'operator');
    const result = await lab.run('group add', { canShowForm: true, principal: discord });
    if (result.type !== 'form') throw new Error(`no form but ${textOf(result)}`);
    const { components } = modalOf(result.form);
    expect(components.map((row) => ('label' in row ? row.label : ''))).toEqual([
      'What is it called?',
      'Which addresses belong to it?',
      'Where do its alerts go?',
      'Who is pinged?',
      'From which risk on?',
    ]);
  });

  it('never drops the risk of a person who is pinged', async () => {
    await lab.run('group add lab 10.0.0.0/28 notify:slack:U0ALICE/high');
    const shown = async () => {
      const { fields } = await formOf('group edit lab');
      return fields.filter(({ name }) => name.startsWith('notify')).map(({ kind, initial }) => [kind, initial]);
    };
    expect(await shown()).toEqual([
      ['person', 'slack:U0ALICE'],
      ['select', 'high'],
    ]);
    for (const typed of [
      'slack:S0TEAM/high',
      'owner/low',
      'slack:U0ALICE/high/dmz',
      'discord:80351110224678912/high',
    ]) {
      await lab.run(`group edit lab notify:${typed}`);
      expect(await shown()).toEqual([['text', typed]]);
    }
  });

  it('combines the picked person with the chosen risk', async () => {
    const filled = { name: 'lab', targets: '10.0.0.0/28', 'notify-from': 'high' };
    await submit(['group', 'add'], { ...filled, notify: 'slack:U0BOB' });
    expect((await lab.store.groups.byName('lab'))?.notify).toEqual({ who: 'slack:U0BOB', from: 'high' });
    await submit(['group', 'add'], { ...filled, name: 'quiet' });
    expect(await lab.store.groups.byName('quiet')).not.toHaveProperty('notify');
    await submit(['group', 'edit'], { group: 'lab', notify: 'slack:U0BOB', 'notify-from': 'critical' });
    expect((await lab.store.groups.byName('lab'))?.notify).toEqual({ who: 'slack:U0BOB', from: 'critical' });
  });

  it('does not open where there are none, or when arguments were given', async () => {
    expect(textOf(await lab.run('group add'))).toContain('NAME is missing');
    expect(textOf(await lab.run('group add lab', { canShowForm: true }))).toContain('TARGETS is missing');
  });

  it('does what the command does', async () => {
    const result = await submit(['group', 'add'], {
      name: 'lab',
      targets: '10.0.0.0/28',
      ports: '',
      description: ' the lab ',
    });
    expect(result).toMatchObject({ type: 'card', outcome: 'ok' });
    expect(await lab.store.groups.byName('lab')).toMatchObject({ targets: ['10.0.0.0/28'], description: 'the lab' });
  });

  it('shows every mistake beside its field', async () => {
    const wrong = await submit(['group', 'add'], { name: '', targets: '10.0.0.0/33', ports: '0', retention: 'many' });
    expect(wrong).toMatchObject({
      type: 'field-errors',
      errors: {
        name: expect.stringContaining('NAME is missing'),
        targets: expect.stringContaining('has no valid prefix length'),
        ports: expect.stringContaining('outside of the ports'),
        retention: expect.stringContaining('“many” is not a number.'),
      },
    });
  });

  it('shows beside the right field what only the database knows', async () => {
    await addGroup(lab);
    const taken = await submit(['group', 'add'], { targets: '10.0.0.0/28', name: 'lab' });
    expect(taken).toMatchObject({ type: 'field-errors', errors: { name: expect.stringContaining('already') } });
    const refused = await submit(['group', 'add'], { name: 'b', targets: '8.8.8.8' });
    expect(refused).toMatchObject({
      type: 'field-errors',
      errors: { targets: expect.stringContaining('may not be scanned') },
    });
    const when = await submit(['schedule', 'add'], { group: 'lab', when: '61 * * * *' });
    expect(Object.keys(when.type === 'field-errors' ? when.errors : {})).toEqual(['when']);
  });

  it('of group edit begins with the current values, and submitted unchanged it changes nothing', async () => {
    await lab.run(
      'group add lab 10.0.0.0/28,10.0.1.1 exclude:10.0.0.1 ports:22 channel:slack:C0123 notify:slack:U0A/high max-rate:9 alert-on:outage catch-up:90m version-every:36h confirm:0 description:x',
    );
    const before = await lab.store.groups.byName('lab');
    const form = await formOf('group edit lab');
    const options = Object.fromEntries(form.fields.map((field) => [field.name, field.initial ?? '']));
    expect(options['targets']).toBe('10.0.0.0/28, 10.0.1.1');
    expect(await submit(['group', 'edit'], options)).toMatchObject({ type: 'card', outcome: 'ok' });
    expect(await lab.store.groups.byName('lab')).toEqual(before);
  });

  it('of group edit without a group asks for it', async () => {
    await addGroup(lab);
    const form = await formOf('group edit');
    expect(form.fields[0]).toMatchObject({ name: 'group', kind: 'select', choices: [{ value: 'lab', label: 'lab' }] });
  });

  it('is not shown to users who may not run it', async () => {
    const who = { key: 'slack:UEVE', platform: 'slack', name: 'eve', memberships: [] } as const;
    expect(await lab.run('group add', { canShowForm: true, principal: who })).toMatchObject({
      type: 'card',
      outcome: 'refused',
    });
  });
});

describe('a group as options', () => {
  it('leaves out what is not set', async () => {
    const group = await addGroup(lab);
    expect(Object.keys(groupAsOptions(group))).not.toEqual(expect.arrayContaining(['ports']));
    expect(groupAsOptions(group)).toMatchObject({ 'alert-on': 'all', 'catch-up': '1h' });
  });
});
