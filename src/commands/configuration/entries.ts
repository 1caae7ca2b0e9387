import { DateTime } from 'luxon';
import { defined } from '../../core/defined.ts';
import { groupAsOptions } from '../../core/group-options/group-as-options.ts';
import { shortDuration } from '../../core/group-options/types.ts';
import type { GroupConfiguration } from '../../core/model/configuration.ts';
import type { Group, GroupSpec } from '../../core/model/group.ts';
import type { MaintenanceWindow } from '../../core/model/hold.ts';
import type { Route } from '../../core/model/route.ts';
import type { Schedule } from '../../core/model/schedule.ts';
import { isWindowSpent } from '../../core/time/window.ts';
import type { Store } from '../../ports/store.ts';

/** One piece of configuration as a user would type it: equal ones have equal entries. */
export type Entry = Readonly<Record<string, string>>;

export type PresentGroup = {
  group: Group;
  schedules: readonly Schedule[];
  routes: readonly Route[];
  windows: readonly MaintenanceWindow[];
};

export type Present = { groups: readonly PresentGroup[]; reports: readonly Schedule[] };

export async function presentConfiguration(store: Store, now: number): Promise<Present> {
  const [groups, schedules, windows] = await Promise.all([
    store.groups.list(),
    store.schedules.list(),
    store.holds.windows(),
  ]);
  const present = await Promise.all(
    groups.map(async (group) => ({
      group,
      schedules: schedules.filter(({ groupId }) => groupId === group.id),
      routes: await store.groups.routes(group.id),
      windows: windows.filter((window) => window.groupId === group.id && !isWindowSpent(window, now)),
    })),
  );
  return { groups: present, reports: schedules.filter(({ groupId }) => groupId === undefined) };
}

/** Options of the group; its targets come first. */
export function specEntry(spec: GroupSpec): Entry {
  const { group: _group, name: _name, ...options } = groupAsOptions(spec);
  return options;
}

type ScheduleSpec = Pick<Schedule, 'phrase' | 'zone' | 'profile' | 'report'>;

export function scheduleEntry({ phrase, zone, profile, report }: ScheduleSpec): Entry {
  return {
    ...{ when: words(phrase), tz: zone, ...(profile === undefined ? {} : { profile }) },
    ...(report === undefined
      ? {}
      : { report: report.format, period: shortDuration(report.periodMs), ...defined({ to: report.to }) }),
  };
}

export function routeEntry({ channel, kinds, minGrade, minRisk, digest }: Route): Entry {
  return {
    to: channel,
    ...(kinds === undefined ? {} : { kinds: kinds.join(', ') }),
    ...(minGrade === undefined ? {} : { 'min-grade': minGrade }),
    ...(minRisk === undefined ? {} : { 'min-risk': minRisk }),
    ...(digest === undefined ? {} : { digest: words(digest.phrase), tz: digest.zone }),
  };
}

export function windowEntry(window: GroupConfiguration['windows'][number]): Entry {
  const { when, phrase, zone, durationMs, reason } = window;
  // `now` and `3d` mean something else tomorrow.
  const opens = when.type === 'once' ? (DateTime.fromMillis(when.at, { zone }).toISO() ?? phrase) : words(phrase);
  return { when: opens, for: shortDuration(durationMs), tz: zone, ...(reason === undefined ? {} : { reason }) };
}

function words(phrase: string): string {
  return phrase.trim().toLowerCase().replace(/\s+/g, ' ');
}
