import type { MaintenanceWindow } from './hold.ts';
import { lastDue, nextRuns } from './runs.ts';

/** The opening that holds at `now`, if any; epoch ms, end exclusive. */
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

/** A `once` window whose end is past, and that will never open again. */
export function isWindowSpent(window: MaintenanceWindow, now: number): boolean {
  return window.when.type === 'once' && now >= window.when.at + window.durationMs;
}

export function nextOpenings(window: MaintenanceWindow, now: number, count: number): number[] {
  if (window.when.type !== 'once') return nextRuns(window.when, now, count);
  return window.when.at > now ? [window.when.at] : [];
}

function onceBegun(at: number, now: number): number | undefined {
  return at <= now ? at : undefined;
}
