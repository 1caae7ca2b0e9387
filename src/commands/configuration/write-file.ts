import { stringify } from 'yaml';
import { type Entry, type PresentGroup, routeEntry, scheduleEntry, specEntry, windowEntry } from './entries.ts';
import { FILE_VERSION } from './read-file.ts';

/** Groups, schedules, routes and windows as a file; what is as it is by itself is left out. */
export function writeConfiguration(groups: readonly PresentGroup[], defaults: Entry): string {
  const named = groups.map((present) => [present.group.name, groupOf(present, defaults)]);
  return stringify({ version: FILE_VERSION, groups: Object.fromEntries(named) }, { lineWidth: 0 });
}

function groupOf({ group, schedules, routes, windows }: PresentGroup, defaults: Entry): Record<string, unknown> {
  const { targets, ...options } = specEntry(group);
  const set = Object.entries(options).filter(([name, value]) => defaults[name] !== value);
  const list = (name: string, entries: readonly object[]) => (entries.length === 0 ? {} : { [name]: entries });
  return {
    targets: targets?.split(', '),
    ...Object.fromEntries(set),
    ...(group.status === 'paused' ? { paused: true } : {}),
    ...list(
      'schedules',
      schedules.map((one) => ({ ...scheduleEntry(one), ...(one.status === 'paused' ? { paused: true } : {}) })),
    ),
    ...list('routes', routes.map(routeEntry)),
    ...list('windows', windows.map(windowEntry)),
  };
}
