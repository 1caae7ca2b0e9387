import { DateTime } from 'luxon';
import type { Inline } from '../../src/cards/card.ts';

type Time = Extract<Inline, { type: 'time' }>;

/** Times by this machine's clock; no date if it is today's. */
export function localTime({ at, style }: Time, now: number, zone = 'local'): string {
  const time = DateTime.fromMillis(at, { zone });
  if (style === 'relative') return relative(at - now);
  if (style === 'date') return time.toFormat('d LLL yyyy', { locale: 'en' });
  if (style === 'time') return time.toFormat('HH:mm');
  const today = time.hasSame(DateTime.fromMillis(now, { zone }), 'day');
  if (today) return time.toFormat('HH:mm:ss');
  const sameYear = time.hasSame(DateTime.fromMillis(now, { zone }), 'year');
  return time.toFormat(sameYear ? 'd LLL HH:mm' : 'd LLL yyyy HH:mm', { locale: 'en' });
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

function relative(ms: number): string {
  const past = ms <= 0;
  for (const [name, size] of UNITS) {
    const count = Math.round(Math.abs(ms) / size);
    if (Math.abs(ms) < size * 0.95) continue;
    const words = `${count} ${name}${count === 1 ? '' : 's'}`;
    return past ? `${words} ago` : `in ${words}`;
  }
  return past ? 'just now' : 'in a moment';
}
