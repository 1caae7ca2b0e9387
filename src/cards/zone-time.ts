import { DateTime } from 'luxon';

/** `Tue 1 Dec 2026 02:00 +01:00`: a wall-clock time where the zone matters more than the reader's own. */
export function zoneTime(at: number, zone: string): string {
  return DateTime.fromMillis(at, { zone }).toFormat('ccc d LLL yyyy HH:mm ZZ', { locale: 'en' });
}
