import { CronExpressionParser } from 'cron-parser';
import { UserError } from '../errors.ts';
import { cleanText } from '../text.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

type Field = {
  name: string;
  min: number;
  max: number;
  names?: readonly string[];
  /** Special forms of a field besides numbers, `*`, ranges and steps. */
  special?: RegExp;
};

const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31, special: /^l$/ },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of week', min: 0, max: 7, names: WEEKDAYS, special: /^(?:[0-7]|[a-z]{3})(?:l|#[1-5])$/ },
];
const CRON_HINT =
  'A cron expression has five fields: minute, hour, day of month, month, day of week; for example `0 2 * * mon-fri`.';

/**
 * A five-field expression in canonical spelling: lower case, names and Sunday as numbers. Throws a UserError that names
 * the field.
 */
export function checkCron(expression: string): string {
  const words = expression.trim().toLowerCase().split(/\s+/);
  if (words.length !== FIELDS.length) {
    const word = cleanText(expression, 60);
    throw new UserError(`“${word}” has ${words.length} field${words.length === 1 ? '' : 's'}, not five.`, {
      word,
      hint: CRON_HINT,
    });
  }
  const canonical = FIELDS.map((field, index) => checkField(field, words[index] ?? '')).join(' ');
  try {
    CronExpressionParser.parse(canonical, { tz: 'UTC', currentDate: new Date(0) }).next();
  } catch {
    const word = cleanText(expression, 60);
    throw new UserError(`“${word}” would never run.`, {
      word,
      hint: `There is no such day in these months. ${CRON_HINT}`,
    });
  }
  return canonical;
}

function checkField(field: Field, text: string): string {
  if (text === '?') return '*';
  const items = text.split(',').map((item) => checkItem(field, item));
  if (field.name !== 'day of week' || items.some((item) => /[*L#]/.test(item))) return items.join(',');
  return expandWeekdays(items);
}

function checkItem(field: Field, item: string): string {
  if (field.special?.test(item) === true) {
    // cron-parser only takes `L` in upper case.
    return item.replace(/^[a-z]{3}/, (name) => String(toNumber(field, name, item))).toUpperCase();
  }
  const match = /^(?:\*|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:\/(\d{1,4}))?$/.exec(item);
  if (match === null) throw wrong(field, item);
  const step = match[3] === undefined ? '' : `/${match[3]}`;
  if (step !== '' && (Number(match[3]) < 1 || Number(match[3]) > field.max)) throw wrong(field, item);
  if (match[1] === undefined) return `*${step}`;
  const from = toNumber(field, match[1], item);
  if (match[2] === undefined) return `${from}${step}`;
  const to = toNumber(field, match[2], item);
  const wraps = field.name === 'day of week' && from > to;
  if (from > to && !wraps) throw wrong(field, item);
  return `${from}-${wraps ? to + 7 : to}${step}`;
}

function toNumber(field: Field, text: string, item: string): number {
  const named = field.names?.indexOf(text) ?? -1;
  const number = named >= 0 ? named + (field.min === 1 ? 1 : 0) : Number(text);
  if (!Number.isInteger(number) || number < field.min || number > field.max) throw wrong(field, item);
  return number;
}

/** Days as a plain list of 0 to 6: cron-parser refuses `0,7` and `fri-sun`. */
function expandWeekdays(items: readonly string[]): string {
  const days = new Set<number>();
  for (const item of items) {
    const match = /^(\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(item);
    const from = Number(match?.[1]);
    const to = match?.[2] === undefined ? (match?.[3] === undefined ? from : 6) : Number(match[2]);
    for (let day = from; day <= to; day += Number(match?.[3] ?? 1)) days.add(day % 7);
  }
  return [...days].sort().join(',');
}

function wrong(field: Field, item: string): UserError {
  const word = cleanText(item, 40);
  const names = field.names === undefined ? '' : `, or ${field.names[0]} to ${field.names.at(-1)}`;
  return new UserError(`“${word}” is not a ${field.name}: expected ${field.min} to ${field.max}${names}.`, {
    word,
    hint: CRON_HINT,
  });
}
