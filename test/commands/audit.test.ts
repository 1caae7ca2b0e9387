import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeAction } from '../../src/cards/action.ts';
import { auditable } from '../../src/commands/auditing.ts';
import { addGroup, cardOf, type Lab, newDelta, openLab, person } from './lab.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

async function newest() {
  const { items } = await lab.store.audit.list({}, { limit: 1, offset: 0 });
  return items[0];
}

describe('the audit', () => {
  it('has one entry for every call, whatever the result', async () => {
    const calls = [
      '',
      'help',
      'group add lab 10.0.0.0/30',
      'group add lab 10.0.0.0/30',
      'wibble',
      '"',
      'group\u0007',
      'x'.repeat(1_000_000),
    ];
    for (const [index, line] of calls.entries()) {
      await lab.run(line);
      expect((await lab.store.audit.list({}, { limit: 1, offset: 0 })).total).toBe(index + 1);
    }
  });

  it('records who, where, what and the result', async () => {
    await lab.run('group add lab 10.0.0.0/30', { channel: 'slack:C0OPS' });
    expect(await newest()).toMatchObject({
      who: 'slack:UADMIN',
      name: 'ada',
      channel: 'slack:C0OPS',
      request: 'group add lab 10.0.0.0/30',
      outcome: 'ok',
      detail: 'Group lab added',
    });
  });

  it('has mistakes with what was wrong', async () => {
    await lab.run('group add lab 10.0.0.0/33');
    expect(await newest()).toMatchObject({ outcome: 'refused', detail: '“10.0.0.0/33” has no valid prefix length.' });
  });

  it('has what people were not allowed to do', async () => {
    await lab.run('group add lab 10.0.0.0/30', { principal: person('UEVE', 'eve') });
    expect(await newest()).toMatchObject({
      who: 'slack:UEVE',
      request: 'group add lab 10.0.0.0/30',
      outcome: 'refused',
      detail: 'group add needs the role operator',
    });
  });

  it('has clicks, forms included, even refused and unknown ones', async () => {
    await lab.tell(await addGroup(lab), [newDelta()]);
    await lab.click('nd1;acknowledge;1;10.0.0.5;');
    expect(await newest()).toMatchObject({ request: 'click: acknowledge alert 1, 10.0.0.5', outcome: 'ok' });
    await lab.click('nd1;undo;1;10.0.0.5;', { principal: person('UEVE', 'eve') });
    expect(await newest()).toMatchObject({ who: 'slack:UEVE', outcome: 'refused' });
    await lab.click('nd1;expected;1;10.0.0.5;', { canShowForm: true });
    await lab.click('nd1;expected;1;10.0.0.5;', { fields: { note: 'CHG-1' } });
    expect(await newest()).toMatchObject({ request: 'click: expected alert 1, 10.0.0.5 note:"CHG-1"' });
    await lab.click('garbage');
    expect(await newest()).toMatchObject({ request: 'click: garbage', outcome: 'refused' });
  });

  it('has typed options as they were given', async () => {
    const options = { group: 'lab', page: '2' };
    await lab.run('', { input: { type: 'options', path: ['scan', 'list'], options } });
    expect(await newest()).toMatchObject({ request: 'scan list group:"lab" page:"2"' });
  });

  it('keeps neither secrets nor control characters nor megabytes', async () => {
    await lab.run(
      `group add lab xoxb-123-abc password=hunter2 https://user:pw@hooks.example/T0/SECRET ${'y'.repeat(10_000)}`,
    );
    const request = (await newest())?.request ?? '';
    expect(request).not.toMatch(/123-abc|hunter2|pw@|SECRET/);
    expect(request.length).toBeLessThanOrEqual(25_000);
    await lab.run('group \u001b[31m \u202e add');
    expect((await newest())?.request).toBe('group [31m add');
  });

  it('that cannot be written does not undo what was done, and is logged', async () => {
    const broken = {
      ...lab.store,
      audit: { ...lab.store.audit, add: async () => Promise.reject(new Error('disk full')) },
    };
    const other = await openLab({ store: broken });
    expect(cardOf(await other.run('group list')).title).toBe('0 groups');
    expect(other.logged.map((line) => line.message)).toEqual(['an audit entry could not be written']);
    await other.close();
  });
});

describe('secrets', () => {
  it('are removed from addresses, tokens and passwords only', () => {
    expect(auditable('syslog tls://log.example:6514/x?y token: abc')).toBe(
      'syslog tls://log.example:6514/… token: [secret]',
    );
    expect(auditable('group add lab 10.0.0.0/24 channel:slack:C0123')).toBe(
      'group add lab 10.0.0.0/24 channel:slack:C0123',
    );
  });
});

describe('an internal error', () => {
  it('is a card with a reference, a log line with the cause, and never a stack', async () => {
    const groups = { ...lab.store.groups, list: async () => Promise.reject(new Error('SQLITE_CORRUPT: secret path')) };
    const other = await openLab({ store: { ...lab.store, groups } });
    const result = await other.run('group list');
    expect(result).toMatchObject({ audience: 'private', outcome: 'failed' });
    const text = JSON.stringify(cardOf(result));
    expect(text).toContain('ref12345');
    expect(text).not.toMatch(/SQLITE|secret|at .*\.ts/);
    expect(other.logged[0]).toMatchObject({ fields: { reference: 'ref12345', who: 'slack:UADMIN' } });
    expect((await newest())?.outcome).toBe('failed');
    const who = { key: 'slack:UADMIN', platform: 'slack', name: 'ada', memberships: [] } as const;
    expect((await other.dispatcher.home(who)).title).toBe('Something went wrong');
    const call = { principal: who, path: ['group', 'show'], option: 'group', typed: '', options: {} };
    expect(await other.dispatcher.complete(call)).toEqual([]);
    await other.close();
  });
});

describe('the audit of changes', () => {
  const everything = async () => (await lab.store.audit.list({ reads: true }, { limit: 100, offset: 0 })).items;

  it('has everything that is set up, before and after, and everything that is removed', async () => {
    await lab.run('group add lab 10.0.0.0/30');
    const steps: [string, RegExp][] = [
      ['group edit lab add:10.0.0.8', /"before":.*"targets":\["10.0.0.0\/30"\].*"after":.*10.0.0.8/],
      ['schedule add lab daily 02:00', /"before":null,"after":.*"when":"daily 02:00"/],
      ['schedule edit 1 daily 03:00', /"before":.*daily 02:00.*"after":.*daily 03:00/],
      ['schedule pause 1', /"before":.*active.*"after":.*paused/],
      ['schedule resume 1', /"before":.*paused.*"after":.*active/],
      ['schedule remove 1', /"before":.*daily 03:00.*"after":null/],
      ['mute add 10.0.0.1 for:2h', /"before":null,"after":\[.*"what":"10.0.0.1"/],
      ['mute remove 1', /"before":.*"what":"10.0.0.1".*"after":null/],
      ['window add lab daily 02:00 for:1h', /"before":null,"after":.*daily 02:00/],
      ['window remove 1', /"before":.*daily 02:00.*"after":null/],
      ['expect add lab 10.0.0.1:443 until:2d', /"before":null,"after":\[.*10.0.0.1/],
      ['expect remove 1', /"before":.*10.0.0.1.*"after":null/],
      ['alert route lab to:slack:C0MORE', /"before":.*"after":.*C0MORE/],
      ['role grant slack:UVERA viewer', /"before":null,"after":"viewer"/],
      ['role grant slack:UVERA operator', /"before":"viewer","after":"operator"/],
      ['role revoke slack:UVERA', /"before":"operator","after":null/],
    ];
    for (const [line, change] of steps) {
      await lab.run(line);
      const entry = await newest();
      expect([line, entry?.outcome]).toEqual([line, 'ok']);
      expect(entry?.change ?? '', line).toMatch(change);
    }
    await lab.click(encodeAction({ type: 'remove-group', group: 1 }));
    expect((await newest())?.change).toMatch(/"before":.*10.0.0.8.*"after":null/);
  });

  it('keeps the full text of a long request', async () => {
    const targets = Array.from({ length: 200 }, (_, index) => `10.1.${index}.0/28`).join(' ');
    await lab.run(`group add big ${targets} channel:console:main`);
    expect((await newest())?.request).toBe(`group add big ${targets} channel:console:main`);
  });

  it('has the state before and after', async () => {
    await addGroup(lab);
    await lab.run('group edit lab exclude:10.0.0.3');
    const change = JSON.parse((await newest())?.change ?? '{}');
    expect([change.before.exclude, change.after.exclude]).toEqual([[], ['10.0.0.3']]);
    await lab.run('role grant slack:U77 viewer');
    await lab.run('role grant slack:U77 operator');
    expect(JSON.parse((await newest())?.change ?? '{}')).toEqual({ before: 'viewer', after: 'operator' });
  });

  it('is written before the action, which is not done if that fails', async () => {
    const audit = { ...lab.store.audit, add: () => Promise.reject(new Error('disk full')) };
    const other = await openLab({ store: { ...lab.store, audit } });
    expect(await other.run('group add lab 10.0.0.0/28 channel:console:main')).toMatchObject({ outcome: 'failed' });
    expect(await lab.store.groups.list()).toEqual([]);
    await other.close();
  });

  it('separates reads, Home included', async () => {
    await addGroup(lab);
    await lab.run('group list');
    await lab.dispatcher.home({ ...person('UADMIN', 'ada') });
    const { items } = await lab.store.audit.list({ reads: false }, { limit: 10, offset: 0 });
    expect(items.map((entry) => entry.request.split(' ', 2).join(' '))).toEqual(['group add']);
    expect((await everything()).map((entry) => [entry.request.split(' ', 2).join(' '), entry.kind])).toEqual([
      ['Home', 'read'],
      ['group list', 'read'],
      ['group add', 'deed'],
    ]);
  });

  it('can be verified and exported', async () => {
    await addGroup(lab);
    expect(cardOf(await lab.run('audit verify')).title).toBe('The audit is whole');
    const { attachment } = cardOf(await lab.run('audit export'));
    expect(attachment).toMatchObject({ name: 'netdelta-audit.csv', when: 'always' });
    expect(String(attachment?.content)).toContain('group add lab');
  });
});
