import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Action, encodeAction } from '../../src/cards/action.ts';
import { plainText } from '../../src/cards/card.ts';
import { commandDescriptions } from '../../src/commands/grammar/all-commands.ts';
import { includesRole, ROLES, type Role } from '../../src/core/model/principal.ts';
import { ADMIN, addGroup, cardOf, type Lab, newDelta, openLab, person } from './lab.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await openLab();
  for (const role of ROLES) await lab.grant(`slack:U${role.toUpperCase()}`, role);
  await lab.grant('slack:SOPS', 'operator');
  await lab.tell(await addGroup(lab), [newDelta()]);
});
afterAll(() => lab.close());

const people = [
  { who: person('UNOBODY', 'nobody'), role: undefined },
  ...ROLES.map((role) => ({ who: person(`U${role.toUpperCase()}`, role), role })),
];
const refusedTitle = 'You may not do that';

describe.each(people)('$who.name', ({ who, role }) => {
  it.each(commandDescriptions.map((definition) => [definition.path.join(' '), definition.role] as const))(
    'is let to %s as its role says',
    async (path, needed) => {
      // No options: whoever may is told what is missing, whoever may not only that.
      const result = await lab.run(path, { principal: who });
      const refused = cardOf(result).title === refusedTitle;
      expect(refused).toBe(needed !== 'anyone' && !includesRole(role, needed));
    },
  );
});

const scope = { alert: 1, host: '10.0.0.5' };
const BUTTONS: [Action, Role][] = [
  [{ type: 'history', scope }, 'viewer'],
  [{ type: 'acknowledge', scope }, 'acknowledger'],
  [{ type: 'acknowledge-note', scope }, 'acknowledger'],
  [{ type: 'expected', scope }, 'acknowledger'],
  [{ type: 'undo', scope }, 'acknowledger'],
  [{ type: 'delta-acknowledge', delta: 1 }, 'acknowledger'],
  [{ type: 'recheck', scope }, 'operator'],
  [{ type: 'false-alarm', scope }, 'operator'],
  [{ type: 'mute', scope }, 'operator'],
  [{ type: 'cancel-scan', scan: 1 }, 'operator'],
  [{ type: 'keep-group', group: 1 }, 'operator'],
  [{ type: 'remove-group', group: 999 }, 'operator'],
  [{ type: 'run', command: 'role list' }, 'admin'],
];

describe.each(people)('$who.name', ({ who, role }) => {
  it.each(BUTTONS.map(([action, needed]) => [action.type, action, needed] as const))(
    'may press %s as its role says',
    async (_type, action, needed) => {
      const result = await lab.click(encodeAction(action), { principal: who });
      const refused = result.type === 'card' && result.card.title === refusedTitle;
      expect(refused).toBe(!includesRole(role, needed));
    },
  );
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

  it('tells a stranger nothing about what was typed', async () => {
    const known = await lab.run('group show lab', { principal: person('UNOBODY', 'nobody') });
    const unknown = await lab.run('group show nowhere wrong:option', { principal: person('UNOBODY', 'nobody') });
    expect(cardOf(unknown)).toEqual(cardOf(known));
  });

  it('tells how to make the first admin when nobody is one', async () => {
    const empty = await openLab({ admins: [] });
    const card = cardOf(await empty.run('status'));
    expect(JSON.stringify(card)).toContain('set NETDELTA_ADMINS');
    await empty.close();
  });
});

describe('a role', () => {
  it('comes from a user group too', async () => {
    const member = person('UMEMBER', 'mel', ['slack:SOPS']);
    expect(cardOf(await lab.run('group pause lab', { principal: member })).title).toBe('Group lab is paused');
  });

  it('comes from the configuration, by user or by group', async () => {
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
    expect(cardOf(await lab.run('group resume lab', { principal: temp })).title).toBe('Group lab goes on');
    await lab.run('role revoke slack:UTEMP');
    expect(cardOf(await lab.run('group pause lab', { principal: temp })).title).toBe(refusedTitle);
  });
});
