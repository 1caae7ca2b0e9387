import type {
  Configuration,
  ConfigurationChange,
  GroupChange,
  GroupConfiguration,
  ScheduleChange,
} from '../../core/model/configuration.ts';
import type { Group, GroupSpec } from '../../core/model/group.ts';
import type { Route } from '../../core/model/route.ts';
import { ALL_GROUPS, type Schedule } from '../../core/model/schedule.ts';
import {
  type Entry,
  type Present,
  type PresentGroup,
  routeEntry,
  scheduleEntry,
  specEntry,
  windowEntry,
} from './entries.ts';

export type PlanLine = { what: 'added' | 'changed' | 'removed'; group: string; text: string };

export type Plan = {
  change: ConfigurationChange;
  lines: readonly PlanLine[];
  /** Groups that the file doesn’t have. */
  missing: readonly Group[];
  /** How many reports on all groups stay because the file has no list of them. */
  missingReports: number;
};

/** The changes that turn what there is into what the file says. Anything that is already equal stays untouched. */
export function planOf(present: Present, wanted: Configuration, now: number): Plan {
  const fold = (name: string) => name.normalize('NFC').toLowerCase();
  const planned = wanted.groups.map((one) => {
    const there = present.groups.find(({ group }) => fold(group.name) === fold(one.spec.name));
    return planGroup(there, one, now);
  });
  const names = new Set(wanted.groups.map(({ spec }) => fold(spec.name)));
  const reports = planSchedules(ALL_GROUPS, present.reports, wanted.reports ?? present.reports, {
    resumed: false,
    now,
  });
  return {
    change: {
      groups: planned.filter(({ lines }) => lines.length > 0).map(({ change }) => change),
      reports: reports.change,
    },
    lines: [...planned.flatMap(({ lines }) => lines), ...reports.lines],
    missing: present.groups.map(({ group }) => group).filter(({ name }) => !names.has(fold(name))),
    missingReports: wanted.reports === undefined ? present.reports.length : 0,
  };
}

function planGroup(
  there: PresentGroup | undefined,
  wanted: GroupConfiguration,
  now: number,
): { change: GroupChange; lines: PlanLine[] } {
  const { spec, status } = wanted;
  const line = (what: PlanLine['what'], text: string): PlanLine => ({ what, group: spec.name, text });
  const windows = difference(there?.windows ?? [], wanted.windows, windowEntry);
  const routes = routeDifference(there?.routes ?? [], wanted.routes);
  const resumed = there?.group.status === 'paused' && status === 'active';
  const schedules = planSchedules(spec.name, there?.schedules ?? [], wanted.schedules, { resumed, now });
  return {
    change: {
      ...(there === undefined ? {} : { groupId: there.group.id }),
      ...{ spec, status, ...schedules.change, addWindows: windows.added },
      removeWindows: windows.removed.map(({ id }) => id),
      setRoutes: [...routes.added, ...routes.changed],
      removeRoutes: routes.removed.map(({ channel }) => channel),
    },
    lines: [
      ...(there === undefined
        ? [line('added', `group with ${spec.targets.join(', ')}${settings(spec)}`)]
        : optionChanges(there.group, spec).map((text) => line('changed', text))),
      ...(there !== undefined && there.group.status !== status ? [line('changed', statusWords(status))] : []),
      ...(there === undefined && status === 'paused' ? [line('added', statusWords(status))] : []),
      ...schedules.lines,
      ...routes.removed.map((one) => line('removed', `route ${entryWords(routeEntry(one))}`)),
      ...routes.added.map((one) => line('added', `route ${entryWords(routeEntry(one))}`)),
      ...routes.changed.map((one) => line('changed', `route ${entryWords(routeEntry(one))}`)),
      ...windows.removed.map((one) => line('removed', `window ${entryWords(windowEntry(one))}`)),
      ...windows.added.map((one) => line('added', `window ${entryWords(windowEntry(one))}`)),
    ],
  };
}

/** `resumed`: all of them run again, and nothing that fell due meanwhile is made up. */
function planSchedules(
  group: string,
  there: readonly Schedule[],
  wanted: GroupConfiguration['schedules'],
  { resumed, now }: { resumed: boolean; now: number },
): { change: ScheduleChange; lines: PlanLine[] } {
  const { added, removed, kept } = difference(there, wanted, scheduleEntry);
  const switched = kept.filter(({ old, wish }) => old.status !== wish.status);
  const line = (what: PlanLine['what'], one: (typeof wanted)[number], end = ''): PlanLine => ({
    ...{ what, group, text: `schedule ${entryWords(scheduleEntry(one))}${end}` },
  });
  return {
    change: {
      addSchedules: added,
      editSchedules: (resumed ? kept : switched).map(({ old, wish }) => ({ id: old.id, status: wish.status, now })),
      removeSchedules: removed.map(({ id }) => id),
    },
    lines: [
      ...removed.map((one) => line('removed', one)),
      ...added.map((one) => line('added', one)),
      ...switched.map(({ old, wish }) => line('changed', old, `: ${statusWords(wish.status)}`)),
    ],
  };
}

function statusWords(status: 'active' | 'paused'): string {
  return status === 'paused' ? 'paused' : 'resumed';
}

function settings(spec: GroupSpec): string {
  return spec.ports === undefined ? `, profile ${spec.profile}` : `, ports ${spec.ports}`;
}

function optionChanges(before: GroupSpec, after: GroupSpec): string[] {
  const [old, now] = [specEntry(before), specEntry(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const changed = names.filter((name) => old[name] !== now[name]);
  const renamed = before.name === after.name ? [] : [`name: ${before.name} → ${after.name}`];
  return [...renamed, ...changed.map((name) => `${name}: ${old[name] ?? 'none'} → ${now[name] ?? 'none'}`)];
}

/** Each existing thing matches at most one equal thing of the file. */
function difference<Old extends Wish, Wish>(
  there: readonly Old[],
  wanted: readonly Wish[],
  entryOf: (one: Wish) => Entry,
): { added: Wish[]; removed: Old[]; kept: { old: Old; wish: Wish }[] } {
  const left = [...there];
  const added: Wish[] = [];
  const kept: { old: Old; wish: Wish }[] = [];
  for (const wish of wanted) {
    const index = left.findIndex((old) => same(entryOf(old), entryOf(wish)));
    const [old] = index < 0 ? [] : left.splice(index, 1);
    if (old === undefined) added.push(wish);
    else kept.push({ old, wish });
  }
  return { added, removed: left, kept };
}

/** A place exists once; its filter can change. */
function routeDifference(there: readonly Route[], wanted: readonly Route[]) {
  const old = ({ channel }: Route) => there.find((one) => one.channel === channel);
  const changed = wanted.filter((wish) => {
    const known = old(wish);
    return known !== undefined && !same(routeEntry(known), routeEntry(wish));
  });
  return {
    added: wanted.filter((wish) => old(wish) === undefined),
    changed,
    removed: there.filter(({ channel }) => !wanted.some((wish) => wish.channel === channel)),
  };
}

function same(a: Entry, b: Entry): boolean {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.every((key) => a[key] === b[key]);
}

/** Its time or else its place comes first, as it is typed. */
function entryWords(entry: Entry): string {
  const first = entry['when'] === undefined ? 'to' : 'when';
  const others = Object.entries(entry).filter(([name]) => name !== first);
  return [entry[first], ...others.map(([name, value]) => `${name}:${value}`)].join(' ');
}
