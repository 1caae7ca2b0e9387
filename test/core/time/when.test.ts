import { CronExpressionParser } from 'cron-parser';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { lastDue, nextRuns } from '../../../src/core/time/runs.ts';
import { parseWhen } from '../../../src/core/time/when.ts';
import { describeWhen } from '../../../src/core/time/when-words.ts';
import { checkZone } from '../../../src/core/time/zone.ts';
import { amount } from '../../thorough.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const ZURICH = 'Europe/Zurich';

const runs = (phrase: string, zone: string, from: string, count: number) =>
  nextRuns(parseWhen(phrase, zone, NOW), Date.parse(from), count).map((run) =>
    new Date(run).toISOString().slice(0, 16),
  );

test.each([
  ['daily 02:00', 'every day at 02:00 (Europe/Zurich)'],
  ['DAILY  2:00', 'every day at 02:00 (Europe/Zurich)'],
  ['weekdays 18:30', 'every weekday at 18:30 (Europe/Zurich)'],
  ['weekends 09:00', 'every Saturday and Sunday at 09:00 (Europe/Zurich)'],
  ['weekly mon 02:00', 'every Monday at 02:00 (Europe/Zurich)'],
  ['weekly thursday,mon 02:00', 'every Monday and Thursday at 02:00 (Europe/Zurich)'],
  ['monthly 15 03:00', 'on the 15th of the month at 03:00 (Europe/Zurich)'],
  ['every 6h', 'every 6 hours'],
  ['every hour', 'every hour'],
  ['every 1h30m', 'every 1 hour 30 minutes'],
  ['@hourly', 'every hour (Europe/Zurich)'],
  ['@daily', 'every day at 00:00 (Europe/Zurich)'],
  ['@weekly', 'every Sunday at 00:00 (Europe/Zurich)'],
  ['@monthly', 'on the 1st of the month at 00:00 (Europe/Zurich)'],
  ['@yearly', 'on the 1st of the month at 00:00 in January (Europe/Zurich)'],
  ['*/15 * * * *', 'every 15 minutes (Europe/Zurich)'],
  ['* * * * *', 'every minute (Europe/Zurich)'],
  ['20,50 * * * *', 'every hour at minute 20 and 50 (Europe/Zurich)'],
  ['0 */2 * * *', 'every 2 hours from 00:00 (Europe/Zurich)'],
  ['0 6,12,18 * * *', 'every day at 06:00, 12:00 and 18:00 (Europe/Zurich)'],
  ['*/10 8-17 * * mon-fri', 'every 10 minutes in the hours 08 to 17, every weekday (Europe/Zurich)'],
  ['0 2 * * fri-sun', 'every Friday, Saturday and Sunday at 02:00 (Europe/Zurich)'],
  ['0 2 * * 0,7', 'every Sunday at 02:00 (Europe/Zurich)'],
  ['0 2 1-7 * *', 'on the 1st to 7th of the month at 02:00 (Europe/Zurich)'],
  ['0 2 13 * fri', 'on the 13th of the month and every Friday at 02:00 (Europe/Zurich)'],
  ['0 2 l * *', 'on the last day of the month at 02:00 (Europe/Zurich)'],
  ['0 2 * * friL', 'on the last Friday of the month at 02:00 (Europe/Zurich)'],
  ['0 2 * * tue#2', 'on the 2nd Tuesday of the month at 02:00 (Europe/Zurich)'],
  ['0 2 * jan,jul *', 'every day at 02:00 in January and July (Europe/Zurich)'],
])('%s reads “%s”', (phrase, words) => {
  expect(describeWhen(parseWhen(phrase, ZURICH, NOW))).toBe(words);
});

test.each([
  ['61 * * * *', '61', 'minute: expected 0 to 59'],
  ['* 24 * * *', '24', 'hour: expected 0 to 23'],
  ['* * 0 * *', '0', 'day of month: expected 1 to 31'],
  ['* * * foo *', 'foo', 'month: expected 1 to 12, or jan to dec'],
  ['* * * * 8', '8', 'day of week: expected 0 to 7, or sun to sat'],
  ['5-1 * * * *', '5-1', 'minute'],
  ['*/0 * * * *', '*/0', 'minute'],
  ['1,,2 * * * *', '', 'minute'],
  ['H * * * *', 'h', 'not a time'],
  ['* * *', '* * *', '3 fields, not five'],
  ['0 * * * * *', '0 * * * * *', '6 fields, not five'],
  ['0 0 31 2 *', '0 0 31 2 *', 'would never run'],
  ['daily', undefined, 'time of day is missing'],
  ['daily 25:00', '25:00', 'not a time of day'],
  ['daily 02:00 03:00', '03:00', 'one word too many'],
  ['weekly 02:00', undefined, 'day of the week is missing'],
  ['weekly foo 02:00', 'foo', 'not a day of the week'],
  ['monthly 32 02:00', '32', 'day of month'],
  ['every', '', 'not a duration'],
  ['every 5x', '5x', 'not a duration'],
  ['every 5s', '5s', 'too often'],
  ['', undefined, 'missing'],
])('%s is refused at the word', (phrase, word, message) => {
  expect(() => parseWhen(phrase, ZURICH, NOW)).toThrow(UserError);
  expect(() => parseWhen(phrase, ZURICH, NOW)).toThrow(message);
  if (word !== undefined) expect(() => parseWhen(phrase, ZURICH, NOW)).toThrow(expect.objectContaining({ word }));
});

test('a megabyte is refused as too long', () => {
  expect(() => parseWhen(`daily ${'x'.repeat(1_000_000)}`, ZURICH, NOW)).toThrow('too long');
});

test('a typo in a phrase is answered with the nearest one', () => {
  expect(() => parseWhen('dayly 02:00', ZURICH, NOW)).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('Did you mean `daily`?') }),
  );
});

test('zones are accepted in any case, and a wrong one is answered with the nearest', () => {
  expect(checkZone('europe/zurich')).toBe('Europe/Zurich');
  expect(checkZone(' utc ')).toBe('UTC');
  expect(checkZone('Asia/Kolkata')).toBe('Asia/Kolkata');
  const hint = (zone: string) => {
    try {
      return checkZone(zone);
    } catch (error) {
      return error instanceof UserError ? error.hint : error;
    }
  };
  expect(hint('Europe/Zuerich')).toContain('Did you mean `Europe/Zurich`?');
  expect(hint('new york')).toContain('Did you mean `America/New_York`?');
  expect(() => checkZone('Mars/Base')).toThrow(UserError);
  for (const zone of ['', '+01:00', '../etc/passwd', 'x'.repeat(10_000)])
    expect(() => checkZone(zone)).toThrow(UserError);
});

test('a skipped time runs at the next valid instant', () => {
  expect(runs('daily 02:30', ZURICH, '2027-03-27T12:00Z', 2)).toEqual(['2027-03-28T01:00', '2027-03-29T00:30']);
  expect(runs('daily 02:30', 'America/New_York', '2027-03-13T12:00Z', 2)).toEqual([
    '2027-03-14T07:00',
    '2027-03-15T06:30',
  ]);
  expect(runs('daily 02:15', 'Australia/Lord_Howe', '2027-10-02T00:00Z', 2)).toEqual([
    '2027-10-02T15:30',
    '2027-10-03T15:15',
  ]);
  expect(runs('daily 00:30', 'America/Santiago', '2027-09-04T12:00Z', 2)).toEqual([
    '2027-09-05T04:00',
    '2027-09-06T03:30',
  ]);
});

test('a skipped time that coincides with another run is run once', () => {
  expect(runs('0 2,3 * * *', ZURICH, '2027-03-27T12:00Z', 3)).toEqual([
    '2027-03-28T01:00',
    '2027-03-29T00:00',
    '2027-03-29T01:00',
  ]);
  expect(runs('*/20 2 * * *', ZURICH, '2027-03-27T12:00Z', 2)).toEqual(['2027-03-28T01:00', '2027-03-29T00:00']);
});

test('a repeated time runs once, the first time', () => {
  expect(runs('daily 02:30', ZURICH, '2027-10-30T12:00Z', 2)).toEqual(['2027-10-31T00:30', '2027-11-01T01:30']);
  expect(runs('daily 01:30', 'America/New_York', '2027-11-06T12:00Z', 2)).toEqual([
    '2027-11-07T05:30',
    '2027-11-08T06:30',
  ]);
  expect(runs('daily 01:45', 'Australia/Lord_Howe', '2027-04-03T00:00Z', 2)).toEqual([
    '2027-04-03T14:45',
    '2027-04-04T15:15',
  ]);
  expect(runs('*/30 2 * * *', ZURICH, '2027-10-30T12:00Z', 3)).toEqual([
    '2027-10-31T00:00',
    '2027-10-31T00:30',
    '2027-11-01T01:00',
  ]);
});

test('an hourly run follows elapsed time through both changes', () => {
  expect(runs('15 * * * *', ZURICH, '2027-03-28T00:00Z', 3)).toEqual([
    '2027-03-28T00:15',
    '2027-03-28T01:15',
    '2027-03-28T02:15',
  ]);
  expect(runs('*/30 * * * *', ZURICH, '2027-10-31T00:00Z', 5)).toEqual([
    '2027-10-31T00:30',
    '2027-10-31T01:00',
    '2027-10-31T01:30',
    '2027-10-31T02:00',
    '2027-10-31T02:30',
  ]);
});

test('every counts elapsed time from when it was set', () => {
  const when = parseWhen('every 6h', ZURICH, Date.parse('2027-03-27T20:00Z'));
  expect(nextRuns(when, Date.parse('2027-03-27T20:00Z'), 2).map((run) => new Date(run).toISOString())).toEqual([
    '2027-03-28T02:00:00.000Z',
    '2027-03-28T08:00:00.000Z',
  ]);
  expect(nextRuns(when, Date.parse('2027-03-20T20:00Z'), 1)).toEqual([Date.parse('2027-03-28T02:00Z')]);
  expect(lastDue(when, Date.parse('2027-03-28T01:59Z'))).toBeUndefined();
  expect(lastDue(when, Date.parse('2027-03-28T07:59Z'))).toBe(Date.parse('2027-03-28T02:00Z'));
});

test('a daily time runs exactly once on every date of every zone', () => {
  const zone = fc.constantFrom(
    ZURICH,
    'America/New_York',
    'Australia/Lord_Howe',
    'America/Santiago',
    'Asia/Beirut',
    'Africa/Casablanca',
    'Asia/Kathmandu',
  );
  fc.assert(
    fc.property(zone, fc.integer({ min: 0, max: 1439 }), (name, minute) => {
      const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
      const start = DateTime.fromISO('2027-01-01T00:00', { zone: name }).toMillis() - 1;
      const dates = nextRuns(parseWhen(`daily ${clock}`, name, NOW), start, 365).map((run) => {
        const local = DateTime.fromMillis(run, { zone: name });
        // A run at another time than requested must be one where the clocks have just been put forward.
        if (local.toFormat('HH:mm') !== clock) expect(local.offset).toBeGreaterThan(local.minus(1).offset);
        return local.toISODate();
      });
      expect(new Set(dates).size).toBe(365);
    }),
    { numRuns: amount(6, 40) },
  );
});

const list = (min: number, max: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }).map((values) => values.join(',')),
    fc.integer({ min: 2, max: 6 }).map((step) => `*/${step}`),
  );
const expression = fc
  .tuple(list(0, 59), list(0, 23), list(1, 28), list(1, 12), list(0, 6))
  .map((fields) => fields.join(' '));

test('where clocks never change, runs are cron-parser’s', () => {
  fc.assert(
    fc.property(expression, fc.integer({ min: 0, max: 40_000_000 }), (cron, minutes) => {
      const from = minutes * 60_000;
      const expected = CronExpressionParser.parse(cron, { tz: 'Etc/GMT-9', currentDate: new Date(from) });
      const when = parseWhen(cron, 'Etc/GMT-9', NOW);
      expect(nextRuns(when, from, 4)).toEqual(expected.take(4).map((date) => date.getTime()));
    }),
    { numRuns: amount(15, 120) },
  );
});

test('the last due time is the one before the next', () => {
  fc.assert(
    fc.property(
      expression,
      fc.constantFrom(ZURICH, 'Australia/Lord_Howe'),
      fc.integer({ min: 27_000_000, max: 30_000_000 }),
      (cron, zone, minutes) => {
        const when = parseWhen(cron, zone, NOW);
        const [first = 0, second = 0] = nextRuns(when, minutes * 60_000, 2);
        expect(lastDue(when, first)).toBe(first);
        expect(lastDue(when, second - 1)).toBe(first);
      },
    ),
    { numRuns: amount(15, 120) },
  );
});

test('29 February is found four years away, both ways', () => {
  const when = parseWhen('0 0 29 2 *', 'UTC', NOW);
  expect(nextRuns(when, NOW, 1)).toEqual([Date.parse('2028-02-29T00:00Z')]);
  expect(lastDue(when, NOW)).toBe(Date.parse('2024-02-29T00:00Z'));
});

test('what was asked before changes no answer, forwards or back', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('0 2 * * *', '30 1,13 * * 1-5', '*/15 * * * *', '0 0 1 * *'),
      fc.constantFrom(ZURICH, 'Australia/Lord_Howe'),
      fc.array(fc.integer({ min: 29_000_000, max: 29_010_000 }), { minLength: 2, maxLength: 8 }),
      (cron, zone, minutes) => {
        const when = parseWhen(cron, zone, NOW);
        for (const at of minutes.map((minute) => minute * 60_000)) {
          const [next] = nextRuns(when, at, 2);
          expect(nextRuns(when, at, 1)).toEqual([next]);
          const last = lastDue(when, at) ?? Number.NaN;
          expect(last).toBeLessThanOrEqual(at);
          expect(nextRuns(when, last, 2)[0]).toBe(next);
        }
      },
    ),
    { numRuns: amount(15, 120) },
  );
});
