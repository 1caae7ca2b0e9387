import { GROUP_DEFAULTS, type Group, type GroupSpec } from '../../src/core/model/group.ts';
import { DEFAULT_POLICY } from '../../src/core/model/policy.ts';
import type { Route } from '../../src/core/model/route.ts';
import type { Schedule } from '../../src/core/model/schedule.ts';
import { fromJson, nonNull, plain } from './rows.ts';
import type { GroupRow, RouteRow, ScheduleRow } from './tables/group-tables.ts';

/** Names are unique without regard to case. */
export function foldName(name: string): string {
  return plain(name).normalize('NFC').toLowerCase();
}

export function groupColumns(spec: GroupSpec): Pick<GroupRow, 'name' | 'folded' | 'spec'> {
  const { name, ...rest } = spec;
  return { name: plain(name), folded: foldName(name), spec: JSON.stringify(rest) };
}

export function toGroup(row: GroupRow): Group {
  const spec = fromJson<Omit<GroupSpec, 'name' | 'remind'> & Partial<Pick<GroupSpec, 'remind'>>>(row.spec);
  return {
    // Fields that groups and their policies have gained since have their default.
    remind: GROUP_DEFAULTS.remind,
    ...spec,
    policy: { ...DEFAULT_POLICY, ...spec.policy },
    id: row.id,
    name: row.name,
    status: row.status as Group['status'],
    createdBy: row.created_by,
    createdAt: row.created_at,
  };
}

export function toRoute({ channel, settings }: RouteRow): Route {
  return { channel, ...(settings === null ? {} : fromJson<Omit<Route, 'channel'>>(settings)) };
}

type ScheduleColumns = Omit<ScheduleRow, 'id'>;

export function scheduleColumns(schedule: Partial<Omit<Schedule, 'id'>>): Partial<ScheduleColumns> {
  return nonNull<Partial<ScheduleColumns>>({
    group_id: schedule.groupId,
    phrase: schedule.phrase,
    due: schedule.when === undefined ? undefined : JSON.stringify(schedule.when),
    zone: schedule.zone,
    profile: schedule.profile,
    report: schedule.report === undefined ? undefined : JSON.stringify(schedule.report),
    status: schedule.status,
    created_by: schedule.createdBy,
    created_at: schedule.createdAt,
    last_due_at: schedule.lastDueAt,
    active_since: schedule.activeSince,
  } as Partial<ScheduleColumns>);
}

export function toSchedule(row: ScheduleRow): Schedule {
  return {
    id: row.id,
    phrase: row.phrase,
    when: fromJson<Schedule['when']>(row.due),
    zone: row.zone,
    status: row.status as Schedule['status'],
    createdBy: row.created_by,
    createdAt: row.created_at,
    ...(row.report === null ? {} : { report: fromJson<NonNullable<Schedule['report']>>(row.report) }),
    ...nonNull({ groupId: row.group_id, profile: row.profile }),
    ...nonNull({ lastDueAt: row.last_due_at, activeSince: row.active_since }),
  };
}
