import type { MaintenanceWindow } from '../model/hold.ts';
import type { When } from '../model/schedule.ts';
import { lastDue, nextRuns } from './runs.ts';
import { DAY_MS } from './units.ts';

/** The opening in force at `now`, if any; epoch ms, end exclusive. */
export function currentOpening(window: MaintenanceWindow, now: number): { from: number; until: number } | undefined {
  const opening = lastOpening(window, now);
  return opening !== undefined && now < opening.until ? opening : undefined;
}

export function isWindowOpen(window: MaintenanceWindow, now: number): boolean {
  return currentOpening(window, now) !== undefined;
}

/** The latest opening that had begun by `now`, ended or not. */
export function lastOpening(window: MaintenanceWindow, now: number): { from: number; until: number } | undefined {
  const from = window.when.type === 'once' ? onceBegun(window.when.at, now) : lastDue(window.when, now + 1);
  return from === undefined ? undefined : { from, until: from + window.durationMs };
}

/** A `once` window whose end is past, so that it will never open again. */
export function isWindowSpent(window: MaintenanceWindow, now: number): boolean {
  return window.when.type === 'once' && now >= window.when.at + window.durationMs;
}

const AT_ONCE = 50;

/** Whether there is ever a time between two openings. The hour that clocks are put back by is ignored. */
export function everCloses(when: MaintenanceWindow['when'], durationMs: number, now: number): boolean {
  if (when.type === 'once') return true;
  const even: When = when.type === 'cron' ? { ...when, zone: 'UTC' } : when;
  let from = now;
  while (from <= now + 32 * DAY_MS) {
    const runs = nextRuns(even, from, AT_ONCE);
    if (runs.some((run, index) => index > 0 && run - (runs[index - 1] ?? run) > durationMs)) return true;
    const next = runs.at(-2);
    if (next === undefined) return true;
    from = next;
  }
  return false;
}

export function nextOpenings(window: MaintenanceWindow, now: number, count: number): number[] {
  if (window.when.type !== 'once') return nextRuns(window.when, now, count);
  return window.when.at > now ? [window.when.at] : [];
}

function onceBegun(at: number, now: number): number | undefined {
  return at <= now ? at : undefined;
}
