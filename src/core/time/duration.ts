import { DateTime } from 'luxon';
import { UserError } from '../errors.ts';
import { cleanText } from '../text.ts';

const SECOND = 1000;
const UNITS = [
  { letter: 'w', ms: 604_800 * SECOND, name: 'week' },
  { letter: 'd', ms: 86_400 * SECOND, name: 'day' },
  { letter: 'h', ms: 3600 * SECOND, name: 'hour' },
  { letter: 'm', ms: 60 * SECOND, name: 'minute' },
  { letter: 's', ms: SECOND, name: 'second' },
] as const;

const MAX_DURATION_MS = 3660 * 86_400 * SECOND;
const DURATION_HINT = 'Write a number with s, m, h, d or w, for example `90s`, `30m`, `2h`, `3d`, `1h30m`.';

/** `90s`, `30m`, `2h`, `3d`, `1w`, `1h30m`, `1d 12h` → ms; at most about ten years. */
export function parseDuration(text: string): number {
  const compact = text
    .slice(0, 100)
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(/(weeks?|days?|hours?|minutes?|mins?|seconds?|secs?)(?=\d|$)/g, (unit) => unit.charAt(0));
  const match = /^(?:(\d{1,9})w)?(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?$/.exec(compact);
  const word = cleanText(text, 40);
  if (match === null || compact === '') {
    throw new UserError(`“${word}” is not a duration.`, { word, hint: DURATION_HINT });
  }
  const ms = UNITS.reduce((sum, unit, index) => sum + Number(match[index + 1] ?? 0) * unit.ms, 0);
  if (ms === 0) throw new UserError(`“${word}” lasts no time at all.`, { word, hint: DURATION_HINT });
  if (ms > MAX_DURATION_MS) {
    throw new UserError(`“${word}” is too long.`, { word, hint: 'At most ten years are accepted, for example `52w`.' });
  }
  return ms;
}

/** As text, in the two largest units that matter: `1 hour 30 minutes`, `3 days`, `less than a second`. */
export function describeDuration(ms: number): string {
  let rest = Math.max(0, Math.round(ms / SECOND) * SECOND);
  if (rest === 0) return 'less than a second';
  const parts: string[] = [];
  for (const unit of UNITS) {
    const count = Math.floor(rest / unit.ms);
    if (count > 0) {
      parts.push(`${count} ${unit.name}${count === 1 ? '' : 's'}`);
      rest -= count * unit.ms;
    } else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

const TIME_HINT = 'Write a date and time such as `2026-12-01 18:00`, or a duration from now such as `3d`.';

/**
 * A point in time for `until:` and the like → epoch ms: an ISO date (`2026-12-01`: its first instant), date and time
 * with or without an offset, or a duration from `now`. Without an offset it is read in `zone`.
 */
export function parseTime(text: string, zone: string, now: number, hint = TIME_HINT): number {
  const trimmed = text.trim();
  const word = cleanText(text, 40);
  if (/^\d{1,9}\s*[wdhms]/i.test(trimmed)) return now + parseDuration(trimmed);
  const iso = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)?$/i;
  if (!iso.test(trimmed)) throw new UserError(`“${word}” is not a time.`, { word, hint });
  const normal = trimmed
    .toUpperCase()
    .replace(/^(\S+) (?=\d)/, '$1T')
    .replace(/ (?=[Z+-])/, '')
    .replace(/T(\d):/, 'T0$1:');
  const time = DateTime.fromISO(normal, { zone });
  if (!time.isValid) {
    throw new UserError(`“${word}” does not exist in the calendar.`, { word, hint });
  }
  return time.toMillis();
}
