import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cardText } from '../../adapters/console/card-text.ts';
import { readConfiguration } from '../../src/commands/configuration/read-file.ts';
import { UserError } from '../../src/core/errors.ts';
import { addGroup, cardOf, type Lab, openLab } from './lab.ts';

let lab: Lab;
let file = '';
beforeEach(async () => {
  file = '';
  lab = await openLab({ readBatch: async () => [{ name: 'groups.yaml', data: Buffer.from(file) }] });
});
afterEach(() => lab.close());

async function applied(yaml: string, options = ''): Promise<string> {
  file = yaml;
  return cardText(cardOf(await lab.run(`apply batch:x ${options}`)));
}

async function exported(): Promise<string> {
  return String(cardOf(await lab.run('export config:on')).attachment?.content);
}

async function expectSameElsewhere(yaml: string): Promise<void> {
  const other = await openLab({ readBatch: async () => [{ name: 'groups.yaml', data: Buffer.from(yaml) }] });
  try {
    await other.run('apply batch:x');
    expect(String(cardOf(await other.run('export config:on')).attachment?.content)).toBe(yaml);
  } finally {
    await other.close();
  }
}

const OFFICE = `
version: 1
groups:
  office:
    targets: [10.0.0.0/24, 10.0.1.1-50]
    profile: quick
    down-after: 2
    schedules:
      - when: weekdays 18:30
        tz: Europe/Berlin
    routes:
      - to: email:noc@example.com
        min-risk: high
        digest: daily 08:00
    windows:
      - when: weekly sun 02:00
        for: 2h
        reason: patches
`;

describe('groups as a file', () => {
  it('are made equal to the file, and a second time there is nothing to do', async () => {
    expect(await applied(OFFICE)).toContain('Applied: 4 added');
    const group = await lab.store.groups.byName('office');
    expect(group).toMatchObject({
      profile: 'quick',
      policy: { downAfter: 2 },
      targets: ['10.0.0.0/24', '10.0.1.1-50'],
    });
    const id = group?.id ?? 0;
    expect(await lab.store.schedules.list(id)).toMatchObject([{ phrase: 'weekdays 18:30', zone: 'Europe/Berlin' }]);
    expect(await lab.store.groups.routes(id)).toMatchObject([{ channel: 'email:noc@example.com', minRisk: 'high' }]);
    expect(await lab.store.holds.windows(id)).toMatchObject([{ durationMs: 7_200_000, reason: 'patches' }]);
    expect(lab.calls).toContain('schedules');
    expect(await applied(OFFICE)).toContain('Nothing to do');
  });

  it('that were made by commands are unchanged after an export and an import', async () => {
    await addGroup(lab);
    await lab.run(
      'group edit lab exclude:10.0.0.3 ports:22,80,U:53 notify:slack:U0A/high remind:8h/medium confirm:off',
    );
    await lab.run(
      'group edit lab alert-on:host-down,service-added catch-up:90m version-every:7d max-rate:200 description:"a: #1 ‘lab’"',
    );
    await lab.run('schedule add lab daily 02:00 profile:full');
    await lab.run('schedule add lab every 6h');
    await lab.run('schedule add lab weekly mon 09:00 report:html period:12w');
    await lab.run('schedule add lab weekly tue 09:00 report:png to:email:noc@example.com');
    await lab.run('schedule add all weekly mon 09:00 report:png period:7d tz:Europe/Berlin to:email:ciso@example.com');
    await lab.run('schedule add all daily 07:00 report:csv to:syslog');
    await lab.run('schedule pause 2');
    await lab.run('schedule pause 6');
    await lab.run('alert route lab to:syslog kinds:host-down,service-added');
    await lab.run(
      'alert route lab to:email:noc@example.com digest:"weekly mon 09:00" tz:Europe/Berlin min-grade:amber',
    );
    await lab.run('window add lab 3d for:90m reason:"rack move"');
    await lab.run('window add lab daily 03:00 for:1h tz:Asia/Kolkata');
    await lab.run('group add old 10.9.0.0/24');
    await lab.run('group pause old');
    const before = [await lab.store.groups.list(), await lab.store.schedules.list()];
    const yaml = await exported();
    expect(await applied(yaml)).toContain('Nothing to do');
    expect([await lab.store.groups.list(), await lab.store.schedules.list()]).toEqual(before);
    expect(await exported()).toBe(yaml);
    await expectSameElsewhere(yaml);
  });

  it('are the same on another machine, from nothing', async () => {
    await applied(OFFICE);
    await expectSameElsewhere(await exported());
  });

  it('have the reports on all groups: added, changed, paused, and removed', async () => {
    const on = (reports: string) => `${OFFICE}reports:${reports}`;
    const weekly = '\n  - {when: weekly mon 09:00, report: png, period: 7d, to: "email:ciso@example.com"}';
    expect(await applied(on(weekly))).toContain(
      '+ all: schedule weekly mon 09:00 tz:UTC report:png period:7d to:email:ciso@example.com',
    );
    const [, report] = await lab.store.schedules.list();
    expect(report).toMatchObject({ phrase: 'weekly mon 09:00', report: { to: 'email:ciso@example.com' } });
    expect(report).not.toHaveProperty('groupId');
    expect(await applied(on(weekly))).toContain('Nothing to do');

    expect(await applied(on(weekly.replace('}', ', paused: true}')))).toContain('~ all: schedule weekly mon 09:00');
    expect((await lab.store.schedules.list()).map(({ status }) => status)).toEqual(['active', 'paused']);
    const changed = await applied(on(weekly.replace('png', 'html')));
    expect(changed).toContain('Applied: 1 added, 1 removed');

    expect(await applied(OFFICE)).toContain(
      '1 report on all groups not in the file, left alone. `--prune` removes it.',
    );
    expect(await lab.store.schedules.list()).toHaveLength(2);
    // The list is there, and empty.
    expect(await applied(on(''))).toContain('− all: schedule weekly mon 09:00 tz:UTC report:html');
    expect(await lab.store.schedules.list()).toHaveLength(1);
    await applied(on(weekly));
    expect(await applied(OFFICE, 'prune:on')).toContain('− all: schedule weekly mon 09:00');
    expect(await lab.store.schedules.list()).toHaveLength(1);
    const [entry] = (await lab.store.audit.list({}, { limit: 1, offset: 0 })).items;
    expect(entry?.change).toContain('schedule weekly mon 09:00');
  });

  it('are shown as a plan first, which changes nothing', async () => {
    await applied(OFFICE);
    const edited = OFFICE.replace('down-after: 2', 'down-after: 4')
      .replace('weekdays 18:30', 'daily 01:00')
      .replace('min-risk: high', 'min-risk: low')
      .replace(/ {4}windows:[\s\S]*/, '');
    const plan = await applied(edited, 'dry-run:on');
    expect(plan).toContain('Plan: 1 added, 2 changed, 2 removed');
    for (const line of [
      '~ office: down-after: 2 → 4',
      '− office: schedule weekdays 18:30 tz:Europe/Berlin',
      '+ office: schedule daily 01:00 tz:Europe/Berlin',
      '~ office: route email:noc@example.com min-risk:low digest:daily 08:00 tz:UTC',
      '− office: window weekly sun 02:00 for:2h tz:UTC reason:patches',
    ]) {
      expect(plan).toContain(line);
    }
    expect(await applied(OFFICE, 'dry-run:on')).toContain('Nothing to do');
    expect(await applied(edited)).toContain('Applied');
    expect(await applied(edited)).toContain('Nothing to do');
  });

  it.each([
    ['without a place', '{when: daily 02:00, report: png}', 'reports, 1: to is missing.'],
    ['of scans', '{when: daily 02:00}', 'reports, 1: report is missing.'],
    ['with a misspelt field', '{when: daily 02:00, reprot: png}', 'reports, 1: there is no “reprot”.'],
    ['with a wrong time', '{when: dayly 02:00, report: png, to: syslog}', 'reports, 1: '],
    ['that are no list', '', 'The file can’t be used: reports: '],
  ])('with reports on all groups %s change nothing at all', async (_what, report, says) => {
    expect(await applied(`${OFFICE}reports: ${report === '' ? 'daily' : `[${report}]`}\n`)).toContain(says);
    expect(await lab.store.groups.list()).toEqual([]);
  });

  it.each([
    ['targets that may not be scanned', 'targets: 8.8.8.8', 'groups, second: '],
    ['a name without an address', 'targets: nowhere.lab.example', 'No address was found'],
    ['an option that there is not', 'targets: 10.1.0.1\n    down-afer: 3', 'Did you mean down-after?'],
    ['a wrong value', 'targets: 10.1.0.1\n    down-after: many', 'groups, second, down-after: “many” is not a number.'],
    ['a wrong schedule', 'targets: 10.1.0.1\n    schedules: [{when: dayly 02:00}]', 'groups, second, schedule 1: '],
    ['no list', 'targets: 10.1.0.1\n    routes: email:a@b.example', 'routes is no list'],
    ['no targets', 'profile: quick', 'targets is missing'],
  ])('with %s change nothing at all', async (_what, second, says) => {
    expect(await applied(`${OFFICE}  second:\n    ${second}\n`)).toContain(says);
    expect(await lab.store.groups.list()).toEqual([]);
  });

  it.each([
    ['groups: {}', 'version: expected 1'],
    ['version: 1\ngroups: {}\nreport: []', 'there is no “report” at its top; perhaps reports is meant.'],
    ['version: 1\ngroups: [a', 'The file can’t be used'],
    ['version: 1\ngroups:\n  a: {targets: 10.0.0.1}\n  a: {targets: 10.0.0.2}', 'The file can’t be used'],
    ['version: 1\ngroups:\n  a: {targets: 10.0.0.1}\n  a: {targets: 10.0.0.2}', 'unique at line 4, column 3'],
    ['version: 1\ngroups:\n  1: {targets: 10.0.0.1}\n  "1": {targets: 10.0.0.2}', 'unique at line 4, column 3'],
    ['version: 1\ngroups:\n  a: {targets: 10.0.0.1', 'at line 3'],
    ['version: 1\nx: &name __proto__\ngroups:\n  a: {targets: 10.0.0.1, *name : 1}', 'Keys must be words'],
    ['version: 1\ngroups: &a {x: {b: *a}}', 'there is no “b”'],
    ['version: 1\ngroups: {a: {targets: &a [*a]}}', 'this is no value'],
    [
      `version: 1\na: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'.replace(/./g, (one, at: number) => `${one}: &${one} [${Array(9).fill(`*${'abcdefgh'[at]}`).join()}]\n`)}groups: {}`,
      'alias',
    ],
  ])('are refused when the file is broken: %#', async (yaml, says) => {
    expect(await applied(yaml)).toContain(says);
    expect(await lab.store.groups.list()).toEqual([]);
  });

  it.each([
    ['keys', (at: number) => `  g${at}: 1\n`],
    ['tags', () => ' !a '],
    ['anchors', () => ' &a '],
    ['brackets', () => ' [ '],
    ['question marks', () => '  ? \n'],
  ])('are read in a time that grows with their length, not with its square: %s', (_, piece) => {
    const cost = (count: number) => {
      const text = `version: 1\ngroups:\n${Array.from({ length: count }, (_, at) => piece(at)).join('')}`;
      const before = process.cpuUsage();
      expect(() => readConfiguration(text)).toThrow(UserError);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    cost(2_000);
    expect(cost(16_000)).toBeLessThan(24 * Math.max(cost(2_000), 10_000));
  });

  it('leave alone a group that they don’t have, unless asked to remove it', async () => {
    await addGroup(lab);
    expect(await applied(OFFICE)).toContain('1 group not in the file, left alone: lab.');
    expect(await applied(OFFICE, 'prune:on')).toContain('− lab: the group, with its history');
    expect((await lab.store.groups.list()).map(({ name }) => name)).toEqual(['office']);
  });

  it('are for admins, and are audited with what they changed', async () => {
    await lab.grant('slack:U1', 'operator');
    const guest = { key: 'slack:U1', platform: 'slack', name: 'guest', memberships: [] } as const;
    file = OFFICE;
    const refused = await lab.run('apply batch:x', { principal: guest });
    expect(refused).toMatchObject({ outcome: 'refused' });
    await applied(OFFICE);
    const [entry] = (await lab.store.audit.list({}, { limit: 1, offset: 0 })).items;
    expect(entry).toMatchObject({ outcome: 'ok', kind: 'deed' });
    expect(entry?.change).toContain('email:noc@example.com');
  });

  it('pause and resume as the file says, and nothing that fell due meanwhile is made up', async () => {
    await applied(OFFICE);
    await applied(OFFICE.replace('profile: quick', 'profile: quick\n    paused: true'));
    expect(await lab.store.groups.byName('office')).toMatchObject({ status: 'paused' });
    lab.clock.now += 3 * 86_400_000;
    await applied(OFFICE);
    expect(await lab.store.groups.byName('office')).toMatchObject({ status: 'active' });
    expect(await lab.store.schedules.list()).toMatchObject([{ lastDueAt: lab.clock.now, activeSince: lab.clock.now }]);
  });
});
