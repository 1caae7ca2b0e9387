import { DateTime } from 'luxon';

/** `Tue 1 Dec 2026 02:00 CET`: a wall-clock time where the zone matters more than the reader's own. */
export function zoneTime(at: number, zone: string): string {
  const time = DateTime.fromMillis(at, { zone });
  const name = time.toFormat('ZZZZ', { locale: 'en' });
  return `${time.toFormat('ccc d LLL yyyy HH:mm', { locale: 'en' })} ${name}`;
}
