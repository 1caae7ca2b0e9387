import { CronExpressionParser } from 'cron-parser';
import type { When } from '../model/schedule.ts';
import { describeDuration } from './duration.ts';

const DAY_NAMES = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTH_NAMES = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
/** More clock times than these are shown as minutes and hours. */
const MAX_CLOCK_TIMES = 6;

/** As text: `every weekday at 18:30 (Europe/Zurich)`, `every 6 hours`. */
export function describeWhen(when: When): string {
  if (when.type === 'every') return `every ${describeDuration(when.ms).replace(/^1 (?=[a-z]+$)/, '')}`;
  const { fields } = CronExpressionParser.parse(when.expression, { tz: 'UTC', currentDate: new Date(0) });
  const time = describeTime(fields.minute.values, fields.hour.values);
  const [dayOfMonth = '', month = '', dayOfWeek = ''] = when.expression.split(' ').slice(2);
  const day = describeDays(dayOfMonth, fields.dayOfMonth.values, dayOfWeek, fields.dayOfWeek.values);
  const months = month === '*' ? '' : ` in ${list(fields.month.values.map((one) => MONTH_NAMES[one - 1] ?? ''))}`;
  const words = time.startsWith('at ') ? `${day} ${time}` : day === 'every day' ? time : `${time}, ${day}`;
  return `${words}${months} (${when.zone})`;
}

function describeTime(minutes: readonly number[], hours: readonly number[]): string {
  if (minutes.length * hours.length <= MAX_CLOCK_TIMES) {
    return `at ${list(hours.flatMap((hour) => minutes.map((minute) => `${two(hour)}:${two(minute)}`)))}`;
  }
  const step = stepOf(minutes, 60);
  const past = minutes.length === 1 && minutes[0] === 0 ? '' : ` at minute ${list(minutes.map(String))}`;
  const often = step === undefined ? `every hour${past}` : step === 1 ? 'every minute' : `every ${step} minutes`;
  if (hours.length === 24) return often;
  const hourStep = stepOf(hours, 24);
  if (hourStep !== undefined && step === undefined)
    return `every ${hourStep} hours from 00:${two(minutes[0] ?? 0)}${minutes.length === 1 ? '' : past}`;
  return `${often} in the hours ${list(spans(hours).map(([first, last]) => (first === last ? two(first) : `${two(first)} to ${two(last)}`)))}`;
}

/** 15 for 0, 15, 30, 45; undefined when the values are not even steps through the whole, or just one. */
function stepOf(values: readonly number[], whole: number): number | undefined {
  const step = whole / values.length;
  if (values.length < 2 || !Number.isInteger(step)) return undefined;
  return values.every((value, index) => value === index * step) ? step : undefined;
}

function describeDays(
  dayOfMonth: string,
  dates: readonly (number | string)[],
  dayOfWeek: string,
  weekdays: readonly (number | string)[],
): string {
  if (dayOfMonth === '*' && dayOfWeek === '*') return 'every day';
  const numbers = dates.filter((date) => typeof date === 'number');
  const days = spans(numbers).map(([first, last]) =>
    first === last ? ordinal(first) : `${ordinal(first)} to ${ordinal(last)}`,
  );
  const onDates = `on the ${list(numbers.length === dates.length ? days : [...days, 'last day'])} of the month`;
  if (dayOfWeek === '*') return onDates;
  const onWeekdays = describeWeekdays(dayOfWeek, weekdays);
  // As in cron, either is enough.
  return dayOfMonth === '*' ? onWeekdays : `${onDates} and ${onWeekdays}`;
}

function describeWeekdays(text: string, values: readonly (number | string)[]): string {
  const special = /^(\d)(?:(L)|#(\d))$/.exec(text);
  if (special !== null) {
    const which = special[2] === undefined ? ordinal(Number(special[3])) : 'last';
    return `on the ${which} ${dayName(Number(special[1]))} of the month`;
  }
  const days = [...new Set(values.map((value) => Number.parseInt(String(value), 10) % 7))];
  const key = days.toSorted().join('');
  if (key === '12345') return 'every weekday';
  if (key === '0123456') return 'every day';
  return `every ${list(days.toSorted((a, b) => ((a + 6) % 7) - ((b + 6) % 7)).map(dayName))}`;
}

const dayName = (day: number): string => DAY_NAMES[day % 7] ?? '';
const two = (number: number): string => String(number).padStart(2, '0');

function ordinal(number: number): string {
  const teen = number % 100 >= 11 && number % 100 <= 13;
  const ending = teen ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${ending}`;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function spans(values: readonly number[]): (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const value of values) {
    const last = found.at(-1);
    if (last !== undefined && value === last[1] + 1) last[1] = value;
    else found.push([value, value]);
  }
  return found;
}
