import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Action, encodeAction } from '../../src/cards/action.ts';
import { plainText } from '../../src/cards/card.ts';
import type { CommandResult } from '../../src/commands/dispatcher.ts';
import { commandDescriptions } from '../../src/commands/grammar/all-commands.ts';
import { includesRole, ROLES, type Role } from '../../src/core/model/principal.ts';
import { ADMIN, addGroup, cardOf, type Lab, newDelta, openLab, person } from './lab.ts';
import { textOf } from './text.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await openLab();
  for (const role of ROLES) await lab.grant(`slack:U${role.toUpperCase()}`, role);
  await lab.grant('slack:SOPS', 'operator');
  await lab.tell(await addGroup(lab), [newDelta()]);
});
afterAll(() => lab.close());

/** Every kind of user, by role; one without a role is a stranger. */
const people = [
  { who: person('UNOBODY', 'stranger'), role: undefined },
  ...ROLES.map((role) => ({ who: person(`U${role.toUpperCase()}`, role), role })),
];
const refusedTitle = 'You may not do that';
const commands = commandDescriptions.map((definition) => ({ ...definition, name: definition.path.join(' ') }));
const may = (role: Role | undefined, needed: Role | 'anyone') => needed === 'anyone' || includesRole(role, needed);

const scope = { alert: 1, host: '10.0.0.5' };
/** Every button, with the role it needs; a new one does not compile without its line here. */
const BUTTONS: Record<Exclude<Action['type'], 'run'>, [Action, Role]> = {
  history: [{ type: 'history', scope }, 'viewer'],
  why: [{ type: 'why', scope }, 'viewer'],
  acknowledge: [{ type: 'acknowledge', scope }, 'acknowledger'],
  'acknowledge-note': [{ type: 'acknowledge-note', scope }, 'acknowledger'],
  expected: [{ type: 'expected', scope }, 'acknowledger'],
  undo: [{ type: 'undo', scope }, 'acknowledger'],
  'delta-acknowledge': [{ type: 'delta-acknowledge', delta: 1 }, 'acknowledger'],
  recheck: [{ type: 'recheck', scope }, 'operator'],
  'false-alarm': [{ type: 'false-alarm', scope }, 'operator'],
  mute: [{ type: 'mute', scope }, 'operator'],
  'cancel-scan': [{ type: 'cancel-scan', scan: 1 }, 'operator'],
  'keep-group': [{ type: 'keep-group', group: 1 }, 'operator'],
  'remove-group': [{ type: 'remove-group', group: 999 }, 'operator'],
};

/** A refusal is private, names the role that is needed and the caller's own, and says who can change that. */
function isRefused(result: CommandResult, needed: Role | 'anyone', role: Role | undefined): boolean {
  if (result.type !== 'card' || result.card.title !== refusedTitle) return false;
  expect(result).toMatchObject({ audience: 'private', outcome: 'refused' });
  const text = textOf(result);
  expect(text).toContain(`needs the role ${needed}; ${role === undefined ? 'you have none' : `yours is ${role}`}.`);
  expect(text).toContain('role grant');
  // A stranger learns nothing about role holders, who would be worth attacking.
  expect(/slack:|These may/.test(text)).toBe(role !== undefined);
  return true;
}

describe.each(people)('$who.name', ({ who, role }) => {
  it.each(commands.map(({ name, role: needed }) => [name, needed] as const))(
    'may %s as its role says, typed, as a form, with a button and while typing',
    async (name, needed) => {
      const path = name.split(' ');
      // No options: a permitted caller learns what is missing, any other only the refusal.
      const ways = [
        await lab.run(name, { principal: who }),
        await lab.run(name, { principal: who, canShowForm: true }),
        await lab.run('', { principal: who, input: { type: 'options', path, options: {} }, fromForm: true }),
        await lab.click(encodeAction({ type: 'run', command: name }), { principal: who }),
      ];
      expect(ways.map((result) => isRefused(result, needed, role))).toEqual(ways.map(() => !may(role, needed)));
      if (may(role, needed)) return;
      const options = commands.find((one) => one.name === name)?.options ?? [];
      for (const option of options) {
        const call = { principal: who, path, option: option.name, typed: '', options: {} };
        expect(await lab.dispatcher.complete(call)).toEqual([]);
      }
    },
  );

  it.each(Object.entries(BUTTONS))(
    'may press %s as its role says, and submit its form',
    async (_, [action, needed]) => {
      const id = encodeAction(action);
      const ways = [
        await lab.click(id, { principal: who }),
        await lab.click(id, { principal: who, canShowForm: true }),
        await lab.click(id, { principal: who, fields: { note: 'forged', for: '1h' } }),
      ];
      expect(ways.map((result) => isRefused(result, needed, role))).toEqual(ways.map(() => !may(role, needed)));
    },
  );

  it('sees a Home with what its role may see, and buttons that it may press', async () => {
    const card = await lab.dispatcher.home(who);
    const sees = textOf({ type: 'card', card, audience: 'private', outcome: 'ok' });
    expect(sees.includes(`Your role: ${role}`)).toBe(may(role, 'viewer'));
    expect(sees.includes('You have no role here yet')).toBe(role === undefined);
    const actions = card.controls.flatMap((control) => {
      if (control.type === 'menu') return control.options.map(({ action }) => action);
      return control.type === 'button' ? [control.action] : [];
    });
    for (const action of actions) {
      const result = await lab.click(encodeAction(action), { principal: who, canShowForm: true });
      expect(result.type === 'card' && result.card.title === refusedTitle).toBe(false);
    }
  });
});

describe('a refusal', () => {
  it('is private, changes nothing and says who may', async () => {
    const result = await lab.run('group add other 10.9.0.0/24', { principal: person('UVIEWER', 'vera') });
    expect(result).toMatchObject({ type: 'card', audience: 'private', outcome: 'refused' });
    const text = cardOf(result).sections.map((section) => (section.type === 'text' ? plainText(section.text) : ''));
    expect(text.join('\n')).toContain('group add needs the role operator; yours is viewer.');
    expect(text.join('\n')).toContain(`@${ADMIN.key}`);
    expect(text.join('\n')).toContain('@slack:UOPERATOR');
    expect(await lab.store.groups.byName('other')).toBeUndefined();
  });

  it('reveals nothing to a stranger about what was typed', async () => {
    const known = await lab.run('group show lab', { principal: person('UNOBODY', 'nobody') });
    const unknown = await lab.run('group show nowhere wrong:option', { principal: person('UNOBODY', 'nobody') });
    expect(cardOf(unknown)).toEqual(cardOf(known));
  });

  it('explains how to make the first admin when there is none', async () => {
    const empty = await openLab({ admins: [] });
    const card = cardOf(await empty.run('status'));
    expect(JSON.stringify(card)).toContain('set NETDELTA_ADMINS');
    await empty.close();
  });
});

describe('a role', () => {
  it('can come from a user group', async () => {
    const member = person('UMEMBER', 'mel', ['slack:SOPS']);
    expect(cardOf(await lab.run('group pause lab', { principal: member })).title).toBe('Group lab is paused');
  });

  it('can come from the configuration, by user or by group', async () => {
    const other = await openLab({ admins: ['slack:SADMINS'] });
    const member = person('UMEMBER', 'mel', ['slack:SADMINS']);
    expect(cardOf(await other.run('role list', { principal: member })).title).toBe('Roles');
    await other.close();
  });

  it('of an admin is held by the local console', async () => {
    const console = { key: 'console:local', platform: 'console', name: 'root', memberships: [] } as const;
    expect(cardOf(await lab.run('role list', { principal: console })).title).toBe('Roles');
  });

  it('is gone when it is revoked', async () => {
    await lab.run('role grant slack:UTEMP operator');
    const temp = person('UTEMP', 'tim');
    expect(cardOf(await lab.run('group resume lab', { principal: temp })).title).toBe('Group lab resumed');
    await lab.run('role revoke slack:UTEMP');
    expect(cardOf(await lab.run('group pause lab', { principal: temp })).title).toBe(refusedTitle);
  });
});

describe('an owner', () => {
  const owner = person('UOWNER', 'olga');
  const refusedTo = async (line: string, principal = owner) =>
    cardOf(await lab.run(line, { principal })).title === refusedTitle;

  beforeAll(async () => {
    await lab.run('group add own 10.7.0.0/24 owner:slack:UOWNER');
    await lab.run('group add other 10.8.0.0/24 owner:slack:SOWNERS');
    await lab.run('schedule add own daily 02:00');
    await lab.run('schedule add other daily 02:00');
  });

  it('without any role gets none: operators name owners, admins let people in', async () => {
    expect(await refusedTo('group pause own')).toBe(true);
    expect(await refusedTo('group show own')).toBe(true);
  });

  it('with any role operates their own group, and no other', async () => {
    await lab.grant('slack:UOWNER', 'viewer');
    const [mine, others] = (await lab.store.schedules.list()).map(({ id }) => id);
    for (const line of [
      ...['group pause own', 'group resume own', 'scan now own', `schedule pause ${mine}`],
      ...['mute add own for:1h', 'mute add own/host-down,own/10.7.0.1 for:1h'],
    ]) {
      expect([line, await refusedTo(line)]).toEqual([line, false]);
    }
    for (const line of [
      'group pause other',
      'group add more 10.9.0.0/24',
      'scan now other',
      `schedule pause ${others}`,
      'schedule pause 999',
      'delta ack 1',
      'mute add 10.7.0.1 for:1h',
      'mute add host-down for:1h',
      'mute add own,other for:1h',
      'mute add own,10.7.0.1 for:1h',
      'alert route own to:slack:C0MORE',
      'role grant slack:UOWNER admin',
    ]) {
      expect([line, await refusedTo(line)]).toEqual([line, true]);
    }
  });

  it.each(commands.filter(({ options }) => options.some(({ type }) => type === 'group')))(
    'learns nothing of other groups by naming their own in $name with an option',
    async ({ name, options }) => {
      const flags = options.filter(({ type }) => type === 'boolean').map((option) => `${option.name}:on`);
      for (const flag of ['', ...flags]) {
        const result = await lab.run(`${name} group:own ${flag}`, { principal: owner });
        expect(JSON.stringify(result), flag).not.toMatch(/10\.8\.0\.|SOWNERS/);
      }
    },
  );

  it('removes the notes of their group, and no others', async () => {
    await lab.run('note add 10.7.0.9 mine group:own');
    await lab.run('note add 10.7.0.9 theirs group:other');
    await lab.run('note add 10.7.0.9 everywhere');
    const offered = { principal: owner, path: ['note', 'remove'], option: 'id', typed: '', options: {} };
    expect((await lab.dispatcher.complete(offered)).map(({ label }) => label)).toEqual([
      expect.stringContaining('mine'),
    ]);
    for (const { id, text } of await lab.store.records.notes()) {
      expect([text, await refusedTo(`note remove ${id}`)]).toEqual([text, text !== 'mine']);
    }
  });

  it('ends the mutes of their group, and no others', async () => {
    await lab.run('mute add other for:1h');
    await lab.run('mute add 10.7.0.9 for:1h');
    for (const { id, what } of await lab.store.holds.mutes()) {
      expect([what, await refusedTo(`mute remove ${id}`)]).toEqual([what, !what.startsWith('own')]);
    }
  });

  it('is offered what they may choose, and nothing of other groups', async () => {
    const shown = async (path: readonly string[], option: string) =>
      (await lab.dispatcher.complete({ principal: owner, path, option, typed: '', options: {} })).map(
        ({ value }) => value,
      );
    expect(await shown(['group', 'pause'], 'group')).toEqual(['own']);
    expect(await shown(['group', 'show'], 'group')).toContain('other');
    expect(await shown(['schedule', 'pause'], 'id')).toHaveLength(1);
    const mutable = await shown(['mute', 'add'], 'what');
    expect(mutable[0]).toBe('own');
    expect(mutable.filter((what) => !/^own(?:\/|$)/.test(what))).toEqual([]);
    expect(await shown(['alert', 'route'], 'group')).toEqual([]);
  });

  it('may be a user group', async () => {
    const member = person('UMEMBER', 'mel', ['slack:SOWNERS']);
    await lab.grant('slack:UMEMBER', 'viewer');
    expect(await refusedTo('group pause other', member)).toBe(false);
    expect(await refusedTo('group pause own', member)).toBe(true);
  });

  it('answers what is found in their group, by command and by button', async () => {
    const group = await lab.store.groups.byName('own');
    if (group === undefined) throw new Error('no group');
    const { deltaIds, alertId } = await lab.tell(group, [newDelta()]);
    expect(await refusedTo(`delta ack ${deltaIds.join(',')} 1`)).toBe(true);
    expect(await refusedTo(`delta ack ${deltaIds.join(',')}`)).toBe(false);
    const press = async (alert: number, principal = owner) => {
      const result = await lab.click(encodeAction({ type: 'undo', scope: { alert, host: '10.0.0.5' } }), { principal });
      return result.type === 'card' && result.card.title === refusedTitle;
    };
    expect(await press(alertId)).toBe(false);
    expect(await press(1)).toBe(true);
    expect(await press(alertId, person('UVIEWER', 'vera'))).toBe(true);
  });
});
