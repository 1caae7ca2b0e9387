import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandResult } from '../../src/commands/dispatcher.ts';
import { groupAsOptions } from '../../src/core/group-options/group-as-options.ts';
import type { Group } from '../../src/core/model/group.ts';
import { ALERTABLE_KINDS, DEFAULT_POLICY } from '../../src/core/model/policy.ts';
import { addGroup, cardOf, type Lab, newDelta, openLab } from './lab.ts';
import { textOf } from './text.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

const saved = (name = 'lab') => lab.store.groups.byName(name);
const say = async (line: string): Promise<string> => textOf(await lab.run(line));

describe('group add', () => {
  it('has good defaults, and the channel it was typed in', async () => {
    await lab.run('group add lab 10.0.0.0/28', { channel: 'slack:C0OPS' });
    expect(await saved()).toMatchObject({
      targets: ['10.0.0.0/28'],
      profile: 'standard',
      site: 'local',
      channel: 'slack:C0OPS',
      retention: 100,
      policy: DEFAULT_POLICY,
      status: 'active',
      createdBy: 'slack:UADMIN',
    });
  });

  it('prefers the configured default channel', async () => {
    const other = await openLab({ defaultChannel: 'slack:C0DEFAULT' });
    await other.run('group add lab 10.0.0.0/28', { channel: 'slack:C0OPS' });
    expect((await other.store.groups.byName('lab'))?.channel).toBe('slack:C0DEFAULT');
    await other.close();
  });

  it('takes every option', async () => {
    await lab.run(
      'group add lab 10.0.0.0/28 exclude:10.0.0.1,10.0.0.3 ports:22,U:53 profile:full site:dmz channel:slack:C0123 notify:<@U0ALICE>/high ' +
        'down-after:5 confirm:off learn:7 retention:30 alert-on:host-down,outage ignore-tcpwrapped:on hide-repeats:yes unstable-after:0 ' +
        'min-grade:red max-rate:200 catch-up:2h description:"the lab"',
    );
    expect(await saved()).toMatchObject({
      exclude: ['10.0.0.1', '10.0.0.3'],
      ports: '22,U:53',
      profile: 'full',
      site: 'dmz',
      channel: 'slack:C0123',
      notify: { who: 'slack:U0ALICE', from: 'high' },
      maxRate: 200,
      retention: 30,
      catchUpMs: 7_200_000,
      description: 'the lab',
      policy: {
        downAfter: 5,
        learn: 7,
        confirmAttempts: 0,
        silentKinds: ALERTABLE_KINDS.filter((kind) => kind !== 'host-down' && kind !== 'outage'),
        minGrade: 'red',
        ignoreTcpwrapped: true,
        hideRepeats: true,
        unstableAfter: 0,
      },
    });
  });

  it.each([
    ['x'.repeat(300), 'A group name of 300 characters is too long.'],
    ['<b>lab</b>', 'cannot be the name of a group'],
    ['<!channel>', 'cannot be the name of a group'],
    ['--help', 'cannot be the name of a group'],
    ['10.0.0.5', 'means something else already'],
    ['host-down', 'means something else already'],
    ['"a b"', 'cannot be the name of a group'],
  ])('refuses the name %s with an explanation', async (name, words) => {
    expect(await say(`group add ${name} 10.0.0.0/28`)).toContain(words);
    expect(await lab.store.groups.list()).toEqual([]);
  });

  it('accepts names in other scripts', async () => {
    await lab.run('group add büro-東京 10.0.0.0/28');
    expect((await lab.store.groups.list())[0]?.name).toBe('büro-東京');
  });

  it.each([
    ['8.8.8.8', ['“8.8.8.8” may not be scanned', 'NETDELTA_ALLOWED_TARGETS=10.0.0.0/8,127.0.0.0/8,fc00::/7,8.8.8.8']],
    ['10.0.0.1 nowhere.example', ['No address was found for nowhere.example']],
    ['10.0.0.0/33', ['has no valid prefix length']],
    ['10.0.0.5-3', ['ends before it begins']],
    ['10.0.0.1 exclude:10.0.0.0/24', ['the exclusions take out every target']],
    ['10.0.0.1 ports:0-70000', ['outside of the ports there are']],
    ['10.0.0.1 site:../etc', ['cannot be the name of a site']],
    ['10.0.0.1 notify:@alice', ['Write @bob, or @bob/high', 'Pick the person']],
    ['10.0.0.1 notify:"slack:U0ALICE high"', ['Write @bob, or @bob/high']],
    ['10.0.0.1 notify:high/slack:U0ALICE', ['Write @bob, or @bob/high']],
    ['10.0.0.1 notify:slack:U0ALICE/hihg', ['Did you mean high']],
    ['10.0.0.1 confirm:99', ['0 to 10']],
    ['10.0.0.1 --script=evil', ['“--script=evil” is not a target']],
    [';rm -rf', ['“;rm” is not a target']],
  ])('refuses %s and adds nothing', async (targets, words) => {
    const answer = await say(`group add lab ${targets}`);
    for (const part of words) expect(answer).toContain(part);
    expect(await lab.store.groups.list()).toEqual([]);
  });

  it('refuses a name that is taken, in whatever case', async () => {
    await addGroup(lab);
    expect(await say('group add LAB 10.0.0.0/30')).toContain('There is a group named lab already');
  });

  it('says which groups it overlaps, and by how much', async () => {
    await addGroup(lab, 'one', '10.0.0.0/28 gw.lab.example');
    expect(await say('group add two 10.0.0.8-20')).toContain('overlaps one: 8 addresses');
    expect(await say('group add three 10.0.1.0/30 gw.lab.example')).toContain('overlaps one: a host name');
  });

  it('says at once when the bot cannot post in its channel', async () => {
    const other = await openLab({ checkChannel: async (channel) => [`Invite the bot into ${channel}.`] });
    expect(textOf(await other.run('group add lab 10.0.0.0/28 channel:slack:C0123'))).toContain(
      'Invite the bot into slack:C0123.',
    );
    await other.close();
  });
});

describe('group edit', () => {
  it('changes what is named and nothing else', async () => {
    const before = await addGroup(lab);
    const said = await say('group edit lab down-after:2 ports:22');
    expect(said).toContain('down-after: 3 → 2');
    expect(said).toContain('ports: none → 22');
    const after = await saved();
    expect(after).toEqual({ ...before, ports: '22', policy: { ...before.policy, downAfter: 2 } });
    expect(lab.calls).toEqual(['schedules']);
  });

  it('clears with none, off and 0', async () => {
    await lab.run(
      'group add lab 10.0.0.0/28 ports:22 notify:slack:U0ALICE description:x max-rate:5 version-every:7d exclude:10.0.0.1',
    );
    expect(await saved()).toMatchObject({ versionEveryMs: 7 * 86_400_000 });
    expect(await say('group show lab')).toContain('of what is new in every scan, of a known service every 1 week');
    await lab.run(
      'group edit lab ports:none notify:none description:none max-rate:0 version-every:off exclude:none channel:none catch-up:off',
    );
    const after = await saved();
    expect(after).toMatchObject({ exclude: [], catchUpMs: 0 });
    for (const key of ['ports', 'notify', 'description', 'maxRate', 'versionEveryMs', 'channel'])
      expect(after).not.toHaveProperty(key);
  });

  it('adds and removes targets, and renames', async () => {
    await addGroup(lab);
    await lab.run('group edit lab add:10.0.1.0/30,10.0.2.1 remove:10.0.0.0/28 name:lab2');
    expect((await saved('lab2'))?.targets).toEqual(['10.0.1.0/30', '10.0.2.1']);
    expect(await say('group edit lab2 remove:10.9.9.9')).toContain('“10.9.9.9” is not a target of lab2.');
    expect(await say('group edit lab2 remove:10.0.1.0/30,10.0.2.1')).toContain('No target would be left.');
    expect((await saved('lab2'))?.targets).toEqual(['10.0.1.0/30', '10.0.2.1']);
  });

  it('of another alert-on list keeps what it leaves out, and all leaves nothing out', async () => {
    await addGroup(lab);
    await lab.run('group edit lab alert-on:outage,host-down');
    const silent = ALERTABLE_KINDS.filter((kind) => kind !== 'host-down' && kind !== 'outage');
    expect((await saved())?.policy.silentKinds).toEqual(silent);
    await lab.run('group edit lab alert-on:all');
    expect((await saved())?.policy).toMatchObject({ silentKinds: [], compare: [] });
    // A kind that is compared only when it is named.
    await lab.run('group edit lab alert-on:all,os');
    expect((await saved())?.policy).toMatchObject({ silentKinds: [], compare: ['os'] });
    await lab.run('group edit lab alert-on:host-down,outage,os,scripts');
    expect((await saved())?.policy).toMatchObject({ silentKinds: silent, compare: ['os', 'scripts'] });
    const typed = groupAsOptions((await saved()) as Group)['alert-on'];
    await lab.run(`group edit lab "alert-on:${typed}"`);
    expect((await saved())?.policy).toMatchObject({ silentKinds: silent, compare: ['os', 'scripts'] });
    await lab.run('group edit lab alert-on:scripts');
    expect((await saved())?.policy).toMatchObject({ silentKinds: ALERTABLE_KINDS, compare: ['scripts'] });
  });

  it('says that a scan under way keeps the old settings', async () => {
    await addGroup(lab);
    await lab.run('scan now lab');
    expect(await say('group edit lab ports:22')).toContain('still goes by the old settings');
  });

  it('without any change shows the current values', async () => {
    await addGroup(lab);
    expect(await say('group edit lab')).toContain('Nothing to change was named.');
    expect(await say('group edit labb ports:22')).toContain('Did you mean lab?');
  });
});

describe('group remove', () => {
  it('asks first and says what is deleted with it', async () => {
    const group = await addGroup(lab);
    await lab.run('schedule add lab daily 02:00');
    await lab.tell(group, [newDelta()]);
    const card = cardOf(await lab.run('group remove lab'));
    expect(textOf(await lab.run('group remove lab'))).toMatch(
      /1 scan.*\n.*0 known hosts.*\n.*1 delta, 1 of them open\n.*1 schedule/,
    );
    expect(card.controls.map((control) => control.label)).toEqual(['Remove', 'Keep']);
    expect(await saved()).toBeDefined();
  });

  it('by its button ends its scans and removes its schedules and mutes', async () => {
    const group = await addGroup(lab);
    await lab.run('schedule add lab daily 02:00');
    await lab.run('mute add lab for:1h');
    await lab.run('scan now lab');
    const result = await lab.click(`nd1;remove-group;${group.id}`);
    expect(result).toMatchObject({ type: 'card', replace: true, outcome: 'ok' });
    expect(await saved()).toBeUndefined();
    expect(await lab.store.holds.mutes()).toEqual([]);
    expect(lab.calls).toEqual(expect.arrayContaining(['cancel 1 slack:UADMIN', 'schedules']));
    expect(textOf(await lab.click(`nd1;remove-group;${group.id}`))).toContain('gone already');
  });

  it('by its name typed again needs no button, as a script has none', async () => {
    await addGroup(lab);
    expect(await say('group remove lab')).toContain('Nothing is removed yet. To do it: group remove lab sure:lab');
    expect(await say('group remove lab sure:yes')).toContain('“yes” is not its name.');
    expect(await saved()).toBeDefined();
    expect(await say('group remove lab sure:lab')).toContain('Group lab removed');
    expect(await saved()).toBeUndefined();
  });

  it('by the other button keeps it', async () => {
    const group = await addGroup(lab);
    expect(await lab.click(`nd1;keep-group;${group.id}`)).toMatchObject({ replace: true });
    expect(await saved()).toBeDefined();
  });
});

describe('group show and list', () => {
  it('show settings, state and schedules', async () => {
    await addGroup(lab);
    await lab.run('schedule add lab daily 02:00');
    const text = await say('group show lab');
    for (const part of [
      '10.0.0.0/28 (16 addresses)',
      '3 missed scans in a row',
      '16 unseen (0)',
      'every day at 02:00',
    ]) {
      expect(text).toContain(part);
    }
    expect(await say('group list')).toContain('lab');
    expect(await say('group show lba')).toContain('Did you mean lab?');
  });

  it('list pages with buttons that run the command again, in place', async () => {
    for (let index = 10; index < 35; index++) await addGroup(lab, `g${index}`, `10.0.${index}.0/30`);
    const first = cardOf(await lab.run('group list'));
    const next = first.controls.find((control) => control.label === 'Next');
    expect(next).toMatchObject({ action: { type: 'run', command: 'group list page:2' } });
    const second: CommandResult = await lab.click('nd1;run;group list page:2');
    expect(second).toMatchObject({ type: 'card', replace: true });
    expect(textOf(second)).toContain('g34');
    expect(textOf(second)).not.toContain('g10');
  });
});

describe('a paused group', () => {
  it('is reported, and what fell due meanwhile counts as run', async () => {
    await addGroup(lab);
    await lab.run('schedule add lab daily 02:00');
    await lab.run('group pause lab');
    expect((await saved())?.status).toBe('paused');
    lab.clock.now += 3 * 86_400_000;
    await lab.run('group resume lab');
    expect((await saved())?.status).toBe('active');
    expect((await lab.store.schedules.list())[0]?.lastDueAt).toBe(lab.clock.now);
  });
});

it('shows that a site has no worker where it is chosen', async () => {
  expect(await say('group add far 10.9.0.0/24 site:dmz')).toContain('No worker of site dmz is connected now');
  const edited = await say('group edit far confirm-site:attic');
  expect(edited).toContain('No worker of site attic is connected now: doubts are confirmed from the group’s own site');
  expect(await say('group edit far confirm-site:none')).not.toContain('No worker');
  expect(await say('group edit far site:local')).not.toContain('No worker');
  expect(await say('group edit far site:outside')).toContain('netdelta worker --site outside');
});

describe('group targets', () => {
  it('adds and removes some, even where group edit has no room for these options', async () => {
    await addGroup(lab);
    expect(await say('group targets lab add:10.0.1.0/30,10.0.2.1')).toContain('targets: ');
    await lab.run('group targets lab remove:10.0.2.1');
    expect((await saved())?.targets).toContain('10.0.1.0/30');
    expect((await saved())?.targets).not.toContain('10.0.2.1');
    expect(await say('group targets lab remove:10.9.9.9')).toContain('“10.9.9.9” is not a target of lab.');
    expect(await say('group targets lab')).toContain('Nothing to add or to remove was named.');
    expect(await say('group targets lab add:8.8.8.8')).toContain('NETDELTA_ALLOWED_TARGETS');
  });
});

describe('group notify', () => {
  const notify = async () => (await saved())?.notify;

  it('is chosen piece by piece, and what is not given stays', async () => {
    await addGroup(lab);
    await lab.run('group notify lab who:<@U0BOB> from:high');
    expect(await notify()).toEqual({ who: 'slack:U0BOB', from: 'high' });
    await lab.run('group notify lab from:critical');
    expect(await notify()).toEqual({ who: 'slack:U0BOB', from: 'critical' });
    await lab.run('group notify lab owner:on tag:dmz');
    expect(await notify()).toEqual({ who: 'owner', from: 'critical', tag: 'dmz' });
    await lab.run('group notify lab tag:none who:<@U0ANN>');
    expect(await notify()).toEqual({ who: 'slack:U0ANN', from: 'critical' });
    await lab.run('group notify lab nobody:on');
    expect(await notify()).toBeUndefined();
  });

  it('says what is missing or invalid', async () => {
    await addGroup(lab);
    expect(await say('group notify lab from:high')).toContain('Nobody to ping was named.');
    expect(await say('group notify lab who:<@U0BOB> tag:a!b')).toContain('That is not a tag.');
    expect(await say('group notify lab who:<@U0BOB> from:hihg')).toContain('Did you mean high?');
  });
});

describe('a large group', () => {
  it('says how long it takes when it is defined and when it is scanned, at its own rate if it has one', async () => {
    const defined = await say('group add big 10.0.0.0/8');
    expect(defined).toContain('about 1 day 13 hours to find who is up, at about 1,000 packets a second');
    expect(await say('group edit big max-rate:10000')).toContain(
      'about 3 hours 43 minutes to find who is up, at max-rate 10,000',
    );
    expect(await say('group add small 10.0.0.0/16')).not.toContain('to find who is up');
  });
});
