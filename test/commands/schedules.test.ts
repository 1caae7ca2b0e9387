import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN, addGroup, type Lab, openLab } from './lab.ts';
import { textOf } from './text.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
  await addGroup(lab);
});
afterEach(() => lab.close());

const say = async (line: string): Promise<string> => textOf(await lab.run(line));
const first = async () => (await lab.store.schedules.list())[0];

it('a mistake is reported at its own word, and the same schedule twice is refused', async () => {
  expect(await say('schedule add lab weekly 02:00')).toContain('The day of the week is missing.');
  expect(await say('schedule add lab daily 04:44')).toContain('added');
  expect(await say('schedule add lab daily 04:44')).toContain('does the same already: daily 04:44');
  expect(await say('schedule add lab Daily  4:44')).toContain('does the same already');
  expect(await say('schedule add lab 44 4 * * *')).toContain('does the same already');
  expect(await say('schedule add lab daily 05:55')).toContain('added');
  expect(await say('schedule edit 2 daily 04:44')).toContain('Schedule 1 does the same already');
  expect(await say('schedule edit 1 daily 04:44')).toContain('changed');
  expect(await say('schedule add lab lab')).toContain(`schedule add lab lab\n${' '.repeat(19)}^^^`);
  expect(await say('schedule add')).toContain('GROUP is missing.');
  expect(await say('group add c1 10.0.0.10 learn:0')).toContain('learn: 0 is out of range.');
  expect(await say('group add c1 10.0.0.10 learn:0')).toContain(`learn:0\n${' '.repeat(31)}^`);
  expect(await say('host list lab code:7')).toContain('0 hosts down');
});

describe('schedule edit', () => {
  it('changes the format, the time and the place of a report, and leaves the rest', async () => {
    await say('schedule add lab weekly mon 09:00 report:png period:30d');
    expect(await say('schedule edit 1 report:csv')).toContain(
      'of the last 30 days, as csv to each place of its alerts',
    );
    expect(await say('schedule edit 1 period:1w to:email:noc@example.com')).toContain('of the last 7 days, as csv to');
    expect((await first())?.report).toEqual({ format: 'csv', periodMs: 7 * 86_400_000, to: 'email:noc@example.com' });
    expect(await say('schedule edit 1 daily 10:00')).toContain('every day at 10:00');
    expect((await first())?.report).toMatchObject({ format: 'csv', to: 'email:noc@example.com' });
    expect(await say('schedule edit 1 to:none')).toContain('to each place of its alerts');
    expect(await say('schedule edit 1 profile:quick')).toContain('A report has no profile.');
    expect(await say('schedule edit 1 report:pdf')).toContain('Expected one of png, html, csv');
    expect(await first()).toMatchObject({ report: { format: 'csv' } });
    await say('schedule add lab daily 02:00');
    expect(await say('schedule edit 2 report:png')).toContain('Schedule 2 scans.');
    expect(await say('schedule edit 2 period:1w')).toContain('Schedule 2 scans.');
    expect(await say('help schedule edit')).toContain('report');
  });
});

describe('schedule add', () => {
  it('takes a report instead of a scan, and says where it goes', async () => {
    const text = await say('schedule add lab weekly mon 09:00 tz:Europe/Berlin report:png period:30d');
    expect(text).toContain(
      'Sends a report on lab, of the last 30 days, as png to each place of its alerts every Monday at 09:00',
    );
    expect(await first()).toMatchObject({
      phrase: 'weekly mon 09:00',
      report: { format: 'png', periodMs: 30 * 86_400_000 },
    });
    expect(await say('schedule list')).toContain('a report of 30 days as png');
    expect(await say('schedule add lab weekly mon 09:00 tz:Europe/Berlin report:png period:30d')).toContain(
      'does the same already',
    );
    expect(await say('schedule add lab weekly mon 09:00 tz:Europe/Berlin')).toContain('Scans lab');
    expect(await say('schedule add lab daily 09:00 period:30d')).toContain('Only a report has a period');
    expect(await say('schedule add lab daily 09:00 report:png profile:full')).toContain('A report has no profile');
    expect(await say('schedule add lab daily 09:00 report:pdf')).toContain('Expected one of png, html, csv');
  });

  it('takes a report on all groups, which goes to one place: where it was requested, or the named one', async () => {
    expect(await say('schedule add all daily 09:00')).toContain('Only a report is about all groups.');
    const text = await say('schedule add all weekly mon 09:00 report:html period:1w');
    expect(text).toContain('Sends a report on all groups, of the last 7 days, as html to #console:main every Monday');
    const [added] = await lab.store.schedules.list();
    expect(added?.groupId).toBeUndefined();
    expect(added?.report).toEqual({ format: 'html', periodMs: 7 * 86_400_000, to: 'console:main' });
    expect(await say('schedule add all weekly mon 09:00 report:html period:1w')).toContain('does the same already');
    expect(await say('schedule edit 1 to:none')).toContain('A report on all groups needs a place.');
    expect(await say('schedule edit 1 to:email:noc@example.com')).toContain('email:noc@example.com every Monday');
    expect(await say('schedule list')).toContain(
      'all groups schedule 1: every Monday at 09:00 (UTC), a report of 7 days',
    );
    expect(await say('status')).toContain('all groups (report)');
    expect(await say('schedule pause 1')).toContain('It is paused.');
    expect(await say('schedule resume 1')).toContain('Next runs:');
    expect(await say('schedule remove 1')).toContain('The report on all groups is no longer sent every Monday');
    expect(await lab.store.schedules.list()).toEqual([]);
  });

  it('offers all where a report on all is possible, in completion and in its form', async () => {
    const offered = async (line: string) => {
      const asked = { principal: ADMIN, path: line.split(' '), option: 'group', typed: '', options: {} };
      return (await lab.dispatcher.complete(asked)).map(({ value }) => value);
    };
    expect(await offered('schedule add')).toEqual(['lab', 'all']);
    expect(await offered('report show')).toEqual(['lab']);
    const result = await lab.run('schedule add', { canShowForm: true });
    const [field] = result.type === 'form' ? result.form.fields : [];
    expect(field?.choices?.map(({ value }) => value)).toEqual(['lab', 'all']);
  });

  it('describes it in plain words with the next three runs in its zone', async () => {
    const text = await say('schedule add lab weekdays 18:30 tz:Europe/Berlin');
    expect(text).toContain('Scans lab every weekday at 18:30 (Europe/Berlin).');
    for (const run of [
      'Tue 24 Nov 2026 18:30 +01:00',
      'Wed 25 Nov 2026 18:30 +01:00',
      'Thu 26 Nov 2026 18:30 +01:00',
    ]) {
      expect(text).toContain(run);
    }
    expect(await first()).toMatchObject({ phrase: 'weekdays 18:30', zone: 'Europe/Berlin', status: 'active' });
    expect(lab.calls).toEqual(['schedules']);
  });

  it('takes cron, named and elapsed times, and a profile', async () => {
    for (const phrase of ['0 2 * * mon-fri', '@weekly', 'every 6h', 'weekly mon 02:00']) {
      expect(await say(`schedule add lab ${phrase} profile:quick`)).toContain('with profile quick');
    }
    expect((await lab.store.schedules.list()).map((schedule) => schedule.phrase)).toEqual([
      '0 2 * * mon-fri',
      '@weekly',
      'every 6h',
      'weekly mon 02:00',
    ]);
  });

  it.each([
    ['61 * * * *', ['61']],
    ['daily 25:00', ['“25:00” is not a time of day.']],
    ['dayly 02:00', ['Did you mean daily?']],
    ['daily 02:00 tz:Mars/Base', ['There is no time zone “Mars/Base”']],
    ['every 5s', ['The shortest is every 1m']],
  ])('refuses %s and adds nothing', async (when, words) => {
    const text = await say(`schedule add lab ${when}`);
    for (const part of words) expect(text).toContain(part);
    expect(await first()).toBeUndefined();
    expect(lab.calls).toEqual([]);
  });
});

describe('a schedule', () => {
  beforeEach(async () => {
    await lab.run('schedule add lab daily 02:00 tz:Europe/Berlin');
    lab.calls.length = 0;
  });

  it('changes what is named, keeps the rest, and makes nothing up', async () => {
    lab.clock.now += 5 * 86_400_000;
    expect(await say('schedule edit 1 daily 03:00')).toContain('every day at 03:00 (Europe/Berlin)');
    expect(await first()).toMatchObject({ phrase: 'daily 03:00', zone: 'Europe/Berlin', lastDueAt: lab.clock.now });
    await lab.run('schedule edit 1 tz:UTC');
    expect(await first()).toMatchObject({ phrase: 'daily 03:00', zone: 'UTC' });
    expect(lab.calls).toEqual(['schedules', 'schedules']);
    expect(await say('schedule edit 1')).toContain('Nothing to change was named.');
  });

  it('is paused, resumed, removed', async () => {
    expect(await say('schedule pause 1')).toContain('It is paused.');
    expect((await first())?.status).toBe('paused');
    lab.clock.now += 86_400_000;
    expect(await say('schedule resume 1')).toContain('Next runs:');
    expect(await first()).toMatchObject({ status: 'active', lastDueAt: lab.clock.now });
    expect(await say('schedule remove 1')).toContain('lab is no longer scanned every day at 02:00');
    expect(await first()).toBeUndefined();
    expect(lab.calls).toEqual(['schedules', 'schedules', 'schedules']);
  });

  it('is listed with its next run, over all groups or one', async () => {
    await addGroup(lab, 'other', '10.0.1.0/30');
    await lab.run('schedule add other @hourly');
    expect(await say('schedule list')).toMatch(/2 schedules[\s\S]*lab[\s\S]*other/);
    expect(await say('schedule list other')).not.toContain('lab');
  });

  it('that does not exist is reported with where to look', async () => {
    for (const verb of ['pause', 'resume', 'remove']) {
      expect(await say(`schedule ${verb} 99`)).toMatch(/There is no schedule 99\.[\s\S]*schedule list/);
    }
  });
});
