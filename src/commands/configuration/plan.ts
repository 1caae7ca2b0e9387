import type { GroupChange, GroupConfiguration } from '../../core/model/configuration.ts';
import type { Group, GroupSpec } from '../../core/model/group.ts';
import type { Route } from '../../core/model/route.ts';
import { type Entry, type PresentGroup, routeEntry, scheduleEntry, specEntry, windowEntry } from './entries.ts';

export type PlanLine = { what: 'added' | 'changed' | 'removed'; group: string; text: string };

export type Plan = {
  changes: readonly GroupChange[];
  lines: readonly PlanLine[];
  /** Groups that the file doesn’t have. */
  missing: readonly Group[];
};

/** What makes the groups that there are those of the file. Of what is there and the same, nothing is touched. */
export function planOf(present: readonly PresentGroup[], wanted: readonly GroupConfiguration[], now: number): Plan {
  const fold = (name: string) => name.normalize('NFC').toLowerCase();
  const planned = wanted.map((one) => {
    const there = present.find(({ group }) => fold(group.name) === fold(one.spec.name));
    return planGroup(there, one, now);
  });
  const names = new Set(wanted.map(({ spec }) => fold(spec.name)));
  return {
    changes: planned.filter(({ lines }) => lines.length > 0).map(({ change }) => change),
    lines: planned.flatMap(({ lines }) => lines),
    missing: present.map(({ group }) => group).filter(({ name }) => !names.has(fold(name))),
  };
}

function planGroup(
  there: PresentGroup | undefined,
  wanted: GroupConfiguration,
  now: number,
): { change: GroupChange; lines: PlanLine[] } {
  const { spec, status } = wanted;
  const line = (what: PlanLine['what'], text: string): PlanLine => ({ what, group: spec.name, text });
  const schedules = difference(there?.schedules ?? [], wanted.schedules, scheduleEntry);
  const windows = difference(there?.windows ?? [], wanted.windows, windowEntry);
  const routes = routeDifference(there?.routes ?? [], wanted.routes);
  const resumed = there?.group.status === 'paused' && status === 'active';
  const switched = schedules.kept.filter(({ old, wish }) => old.status !== wish.status);
  const edited = resumed ? schedules.kept : switched;
  return {
    change: {
      ...(there === undefined ? {} : { groupId: there.group.id }),
      ...{ spec, status, addSchedules: schedules.added, addWindows: windows.added },
      editSchedules: edited.map(({ old, wish }) => ({ id: old.id, status: wish.status, now })),
      removeSchedules: schedules.removed.map(({ id }) => id),
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
      ...schedules.removed.map((one) => line('removed', `schedule ${entryWords(scheduleEntry(one))}`)),
      ...schedules.added.map((one) => line('added', `schedule ${entryWords(scheduleEntry(one))}`)),
      ...switched.map(({ old, wish }) =>
        line('changed', `schedule ${entryWords(scheduleEntry(old))}: ${statusWords(wish.status)}`),
      ),
      ...routes.removed.map((one) => line('removed', `route ${entryWords(routeEntry(one))}`)),
      ...routes.added.map((one) => line('added', `route ${entryWords(routeEntry(one))}`)),
      ...routes.changed.map((one) => line('changed', `route ${entryWords(routeEntry(one))}`)),
      ...windows.removed.map((one) => line('removed', `window ${entryWords(windowEntry(one))}`)),
      ...windows.added.map((one) => line('added', `window ${entryWords(windowEntry(one))}`)),
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

/** Each thing that is there stands for one of the file that says the same. */
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

/** A place is there once; what it is sent can change. */
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

function entryWords({ when, to, ...rest }: Entry): string {
  const others = Object.entries(rest).map(([name, value]) => `${name}:${value}`);
  return [when ?? to, ...others].join(' ');
}
