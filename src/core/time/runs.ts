import { CronExpressionParser } from 'cron-parser';
import { IANAZone } from 'luxon';
import type { When } from '../model/schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * The next `count` times after `from`, epoch ms. Wall-clock times are reckoned with cron-parser in UTC and put
 * into the zone here, because cron-parser moves a skipped 02:30 to 03:30 and loses it where clocks move by half an hour:
 * - a time that clocks skip runs at the next valid instant, and once with what is due there anyway;
 * - a time that clocks repeat runs the first time only;
 * - what runs every hour (`*` as the hour) follows elapsed time: nothing made up, nothing left out.
 */
export function nextRuns(when: When, from: number, count: number): number[] {
  if (when.type === 'every') {
    const first = Math.max(1, Math.floor((from - when.anchor) / when.ms) + 1);
    return Array.from({ length: count }, (_, index) => when.anchor + (first + index) * when.ms);
  }
  const runs: number[] = [];
  for (const run of cronRuns(when.expression, when.zone, from)) {
    if (runs.length === count) break;
    runs.push(run);
  }
  return runs.slice(0, count);
}

/** The latest due time at or before `before`, within about eight years (29 February across a common century). */
export function lastDue(when: When, before: number): number | undefined {
  if (when.type === 'every') {
    const number = Math.floor((before - when.anchor) / when.ms);
    return number < 1 ? undefined : when.anchor + number * when.ms;
  }
  for (const window of [HOUR, DAY, 8 * DAY, 32 * DAY, 366 * DAY, 8 * 366 * DAY]) {
    let last: number | undefined;
    for (const run of cronRuns(when.expression, when.zone, before - window)) {
      if (run > before) break;
      last = run;
    }
    if (last !== undefined) return last;
  }
  return undefined;
}

/** More than any repeated stretch that zones have today. */
const LONGEST_REPEAT = 3 * HOUR;

/** Due times after `from`, ascending, each once, without end. */
function* cronRuns(expression: string, zoneName: string, from: number): Generator<number, void, undefined> {
  const zone = IANAZone.create(zoneName);
  const start = from + zone.offset(from) * MINUTE - LONGEST_REPEAT;
  const walls = CronExpressionParser.parse(expression, { tz: 'UTC', currentDate: new Date(start) });
  const hourly = walls.fields.hour.values.length === 24;
  let pending: number[] = [];
  let last = from;
  for (;;) {
    const instants = instantsOf(walls.next().getTime(), zone, hourly);
    // Instants of later wall-clock times never come before the first of this one.
    const safe = instants[0] ?? Number.NEGATIVE_INFINITY;
    pending = [...pending, ...instants].sort((a, b) => a - b);
    while (pending[0] !== undefined && pending[0] <= safe) {
      const run = pending.shift() ?? safe;
      if (run > last) yield run;
      last = Math.max(last, run);
    }
  }
}

/** When a wall-clock time (as if it were UTC) happens in a zone: once, twice, or never. */
function instantsOf(wall: number, zone: IANAZone, hourly: boolean): number[] {
  const before = zone.offset(wall - DAY);
  const after = zone.offset(wall + DAY);
  const found = [...new Set([before, after])]
    .map((offset) => ({ offset, instant: wall - offset * MINUTE }))
    .filter(({ offset, instant }) => zone.offset(instant) === offset)
    .map(({ instant }) => instant)
    .sort((a, b) => a - b);
  if (hourly) return found;
  return found.length === 0 ? [transition(zone, wall)] : found.slice(0, 1);
}

/** The first instant after the gap that holds the wall-clock time. */
function transition(zone: IANAZone, wall: number): number {
  let low = wall - DAY;
  let high = wall + DAY;
  const before = zone.offset(low);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (zone.offset(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}
