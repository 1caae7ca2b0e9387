import { expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { describeDuration, parseDuration, parseTime } from '../../../src/core/time/duration.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');

test.each([
  ['90s', 90_000],
  ['30m', 1_800_000],
  ['2h', 7_200_000],
  ['3d', 259_200_000],
  ['1w', 604_800_000],
  ['1h30m', 5_400_000],
  [' 1D 12H ', 129_600_000],
  ['2 hours', 7_200_000],
  ['1hour 5 mins', 3_900_000],
])('%s is %i ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', 'x', '5', '0s', '-3h', '30m1h', '1.5h', '999999999w', '1h;', '5y'])('“%s” is refused', (text) => {
  expect(() => parseDuration(text)).toThrow(UserError);
});

test.each([
  [5_400_000, '1 hour 30 minutes'],
  [259_200_000, '3 days'],
  [1000, '1 second'],
  [400, 'less than a second'],
  [3_601_000, '1 hour'],
  [86_399_999, '1 day'],
  [694_800_000, '1 week 1 day'],
])('%i ms reads “%s”', (ms, words) => {
  expect(describeDuration(ms)).toBe(words);
});

test('a time without an offset is read in the zone', () => {
  expect(parseTime('2026-12-01 18:00', 'Europe/Zurich', NOW)).toBe(Date.parse('2026-12-01T17:00:00Z'));
  expect(parseTime('2026-07-01T8:00', 'Europe/Zurich', NOW)).toBe(Date.parse('2026-07-01T06:00:00Z'));
  expect(parseTime('2026-12-01', 'America/New_York', NOW)).toBe(Date.parse('2026-12-01T05:00:00Z'));
});

test('an offset wins over the zone', () => {
  expect(parseTime('2026-12-01T18:00:00Z', 'Europe/Zurich', NOW)).toBe(Date.parse('2026-12-01T18:00:00Z'));
  expect(parseTime('2026-12-01 18:00 +09:00', 'Europe/Zurich', NOW)).toBe(Date.parse('2026-12-01T09:00:00Z'));
});

test('a duration counts from now', () => {
  expect(parseTime('3d', 'Europe/Zurich', NOW)).toBe(NOW + 259_200_000);
  expect(parseTime('1h30m', 'UTC', NOW)).toBe(NOW + 5_400_000);
});

test.each(['', 'tomorrow', '2026-13-01', '2026-02-30', '2026-12-01 25:00', '01.12.2026', '3dd'])(
  'the time “%s” is refused',
  (text) => {
    expect(() => parseTime(text, 'UTC', NOW)).toThrow(UserError);
  },
);
