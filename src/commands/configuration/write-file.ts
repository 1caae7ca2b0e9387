import { stringify } from 'yaml';
import type { Schedule } from '../../core/model/schedule.ts';
import {
  type Entry,
  type Present,
  type PresentGroup,
  routeEntry,
  scheduleEntry,
  specEntry,
  windowEntry,
} from './entries.ts';
import { FILE_VERSION } from './read-file.ts';

/** Groups, schedules, routes, windows, and the reports on all groups as a file; defaults are left out. */
export function writeConfiguration({ groups, reports }: Present, defaults: Entry): string {
  const named = groups.map((present) => [present.group.name, groupOf(present, defaults)]);
  const file = {
    version: FILE_VERSION,
    groups: Object.fromEntries(named),
    ...list('reports', reports.map(scheduleOf)),
  };
  return stringify(file, { lineWidth: 0 });
}

function groupOf({ group, schedules, routes, windows }: PresentGroup, defaults: Entry): Record<string, unknown> {
  const { targets, ...options } = specEntry(group);
  const set = Object.entries(options).filter(([name, value]) => defaults[name] !== value);
  return {
    targets: targets?.split(', '),
    ...Object.fromEntries(set),
    ...(group.status === 'paused' ? { paused: true } : {}),
    ...list('schedules', schedules.map(scheduleOf)),
    ...list('routes', routes.map(routeEntry)),
    ...list('windows', windows.map(windowEntry)),
  };
}

function scheduleOf(one: Schedule): object {
  return { ...scheduleEntry(one), ...(one.status === 'paused' ? { paused: true } : {}) };
}

function list(name: string, entries: readonly object[]): object {
  return entries.length === 0 ? {} : { [name]: entries };
}
