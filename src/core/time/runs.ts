import { CronExpressionParser } from 'cron-parser';
import { LRUCache } from 'lru-cache';
import { IANAZone } from 'luxon';
import type { When } from '../model/schedule.ts';
import { DAY_MS } from './units.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * The next `count` times after `from`, epoch ms. Wall-clock times are computed with cron-parser in UTC and put into the
 * zone here, because cron-parser moves a skipped 02:30 to 03:30 and loses it where clocks move by half an hour:
 * - a time that clocks skip runs at the next valid instant, once together with what is due there anyway;
 * - a time that clocks repeat runs the first time only;
 * - an hourly expression (`*` as the hour) follows elapsed time: no run is added or left out.
 */
export function nextRuns(when: When, from: number, count: number): number[] {
  if (when.type === 'every') {
    const first = Math.max(1, Math.floor((from - when.anchor) / when.ms) + 1);
    return Array.from({ length: count }, (_, index) => when.anchor + (first + index) * when.ms);
  }
  if (count === 1) {
    const next = nextRun(when, from);
    return next === undefined ? [] : [next];
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
  return lastRun(when, before);
}

type CronWhen = Extract<When, { type: 'cron' }>;

/**
 * The last answers for each time and zone, because the bot asks every few seconds and cron-parser takes a millisecond or
 * two. No run lies between `from` and `next`, nor between `last` and `until`. Epoch ms.
 */
const MAX_KNOWN = { max: 10_000 };
const nexts = new LRUCache<string, { from: number; next: number | undefined }>(MAX_KNOWN);
const lasts = new LRUCache<string, { last: number; until: number }>(MAX_KNOWN);

const keyOf = ({ expression, zone }: CronWhen): string => `${zone} ${expression}`;

function nextRun(when: CronWhen, from: number): number | undefined {
  const known = nexts.get(keyOf(when));
  if (known !== undefined && known.from <= from && from < (known.next ?? from)) return known.next;
  const [next] = cronRuns(when.expression, when.zone, from);
  nexts.set(keyOf(when), { from, next });
  return next;
}

function lastRun(when: CronWhen, before: number): number | undefined {
  const known = lasts.get(keyOf(when));
  const isSame = known !== undefined && known.last <= before;
  if (isSame && (before <= known.until || (nextRun(when, known.until) ?? before) > before)) return known.last;
  const last = searchBack(when.expression, when.zone, before);
  if (last !== undefined) lasts.set(keyOf(when), { last, until: before });
  return last;
}

function searchBack(expression: string, zone: string, before: number): number | undefined {
  for (const window of [HOUR, DAY_MS, 8 * DAY_MS, 32 * DAY_MS, 366 * DAY_MS, 8 * 366 * DAY_MS]) {
    let last: number | undefined;
    for (const run of cronRuns(expression, zone, before - window)) {
      if (run > before) break;
      last = run;
    }
    if (last !== undefined) return last;
  }
  return undefined;
}

/** Longer than any repeated stretch in today's zones. */
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
    // Instants of later wall-clock times never precede the first instant of this one.
    const safe = instants[0] ?? Number.NEGATIVE_INFINITY;
    pending = [...pending, ...instants].sort((a, b) => a - b);
    while (pending[0] !== undefined && pending[0] <= safe) {
      const run = pending.shift() ?? safe;
      if (run > last) yield run;
      last = Math.max(last, run);
    }
  }
}

/** When a wall-clock time (as if it were UTC) occurs in a zone: once, twice, or never. */
function instantsOf(wall: number, zone: IANAZone, hourly: boolean): number[] {
  const before = zone.offset(wall - DAY_MS);
  const after = zone.offset(wall + DAY_MS);
  const found = [...new Set([before, after])]
    .map((offset) => ({ offset, instant: wall - offset * MINUTE }))
    .filter(({ offset, instant }) => zone.offset(instant) === offset)
    .map(({ instant }) => instant)
    .sort((a, b) => a - b);
  if (hourly) return found;
  return found.length === 0 ? [transition(zone, wall)] : found.slice(0, 1);
}

/** The first instant after the gap that contains the wall-clock time. */
function transition(zone: IANAZone, wall: number): number {
  let low = wall - DAY_MS;
  let high = wall + DAY_MS;
  const before = zone.offset(low);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (zone.offset(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}
