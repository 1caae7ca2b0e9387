import { UserError } from '../errors.ts';
import { lookUp } from '../look-up.ts';
import type { When } from '../model/schedule.ts';
import { cleanText, nearest } from '../text.ts';
import { checkCron, WEEKDAYS } from './cron.ts';
import { parseDuration } from './duration.ts';
import { nextRuns } from './runs.ts';
import { checkZone } from './zone.ts';

const NAMED: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
};
const STARTS = ['daily', 'weekdays', 'weekends', 'weekly', 'monthly', 'every', ...Object.keys(NAMED)];
const MAX_PHRASE = 200;
const SHORTEST_EVERY_MS = 60_000;
const WHEN_HINT =
  'Expected `daily 02:00`, `weekdays 18:30`, `weekends 09:00`, `weekly mon 02:00`, `monthly 1 02:00`, `every 6h`, `@hourly`, `@daily`, `@weekly`, or cron such as `0 2 * * *`.';

/** A WHEN phrase as users write it; `every` counts from `now`. Throws a UserError that names the wrong word. */
export function parseWhen(phrase: string, zone: string, now: number): When {
  const text = phrase.trim().toLowerCase().replace(/\s+/g, ' ');
  if (phrase.length > MAX_PHRASE) throw new UserError('That is too long for a time.', { hint: WHEN_HINT });
  if (text === '') throw new UserError('When is missing.', { hint: WHEN_HINT });
  const zoneName = checkZone(zone);
  const [start = '', ...rest] = text.split(' ');
  if (start === 'every') return { type: 'every', ms: parseEvery(rest.join(' '), phrase), anchor: now };
  const when: When = { type: 'cron', expression: cronOf(start, rest, text), zone: zoneName };
  if (nextRuns(when, now, 1).length === 0)
    throw new UserError('That would never run.', { word: text, hint: WHEN_HINT });
  return when;
}

function parseEvery(text: string, phrase: string): number {
  const ms = parseDuration(/^[a-z]/.test(text) ? `1${text}` : text);
  if (ms >= SHORTEST_EVERY_MS) return ms;
  throw new UserError(`“${cleanText(phrase, 60)}” is too often.`, { word: text, hint: 'The shortest is `every 1m`.' });
}

function cronOf(start: string, rest: readonly string[], text: string): string {
  const named = lookUp(NAMED, start);
  if (named !== undefined) {
    if (rest[0] !== undefined) throw surplus(rest[0]);
    return named;
  }
  switch (start) {
    case 'daily':
      return `${clock(rest, 0)} * * *`;
    case 'weekdays':
      return `${clock(rest, 0)} * * 1,2,3,4,5`;
    case 'weekends':
      return `${clock(rest, 0)} * * 0,6`;
    case 'weekly':
      if (isClock(rest[0])) throw new UserError('The day of the week is missing.', { word: start, hint: WHEN_HINT });
      return `${clock(rest, 1)} * * ${days(rest[0])}`;
    case 'monthly':
      if (isClock(rest[0])) throw new UserError('The day of the month is missing.', { word: start, hint: WHEN_HINT });
      return checkCron(`${clock(rest, 1)} ${rest[0] ?? ''} * *`);
    default:
      return otherCron(start, text);
  }
}

/** Neither a phrase nor an alias: cron, or a typo. */
function otherCron(start: string, text: string): string {
  if (/^[\d*?]/.test(start)) return checkCron(text);
  const word = cleanText(start, 40);
  const meant = nearest(word, STARTS);
  throw new UserError(`“${word}” is not a time to run at.`, {
    word,
    hint: `${meant === undefined ? '' : `Did you mean \`${meant}\`? `}${WHEN_HINT}`,
  });
}

function surplus(word: string): UserError {
  const shown = cleanText(word, 40);
  return new UserError(`“${shown}” is one word too many.`, { word: shown, hint: WHEN_HINT });
}

/** A clock time where a day should be. */
function isClock(word: string | undefined): boolean {
  return word?.includes(':') === true;
}

/** `02:00` as cron's first two fields. */
function clock(words: readonly string[], index: number): string {
  const text = words[index];
  const extra = words[index + 1];
  if (text === undefined) throw new UserError('The time of day is missing.', { hint: WHEN_HINT });
  if (extra !== undefined) throw surplus(extra);
  const match = /^(\d{1,2}):(\d{2})$/.exec(text);
  if (match === null || Number(match[1]) > 23 || Number(match[2]) > 59) {
    const word = cleanText(text, 40);
    throw new UserError(`“${word}” is not a time of day.`, {
      word,
      hint: 'Expected hours and minutes from 00:00 to 23:59.',
    });
  }
  return `${Number(match[2])} ${Number(match[1])}`;
}

/** `mon`, `monday`, `mon,thu`. */
function days(text: string | undefined): string {
  if (text === undefined) throw new UserError('The day is missing.', { hint: WHEN_HINT });
  const numbers = text.split(',').map((part) => {
    const day = WEEKDAYS.findIndex(
      (name) => part.startsWith(name) && /^(?:|day|sday|nesday|rsday|urday|s|rs)$/.test(part.slice(3)),
    );
    if (day >= 0) return day;
    const word = cleanText(part, 40);
    throw new UserError(`“${word}” is not a day of the week.`, { word, hint: `Expected ${WEEKDAYS.join(', ')}.` });
  });
  return [...new Set(numbers)].sort().join(',');
}
