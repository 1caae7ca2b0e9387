import type { Group, GroupSpec } from './group.ts';
import type { MaintenanceWindow } from './hold.ts';
import type { Route } from './route.ts';
import type { Schedule } from './schedule.ts';

/** What a file says, checked. */
export type Configuration = {
  groups: readonly GroupConfiguration[];
  /** On all groups; absent where the file has no list of them. */
  reports?: readonly NewSchedule[];
};

type NewSchedule = Omit<Schedule, 'id' | 'groupId'>;

/** A group with all of its configuration. */
export type GroupConfiguration = {
  spec: GroupSpec;
  status: Group['status'];
  schedules: readonly NewSchedule[];
  routes: readonly Route[];
  windows: readonly Omit<MaintenanceWindow, 'id' | 'groupId'>[];
};

/** Anything not named stays as it is. */
export type ConfigurationChange = { groups: readonly GroupChange[]; reports: ScheduleChange };

export type ScheduleChange = {
  addSchedules: readonly NewSchedule[];
  /** Paused or resumed. */
  editSchedules: readonly { id: number; status: Schedule['status']; now: number }[];
  removeSchedules: readonly number[];
};

/** The changes to one group. */
export type GroupChange = ScheduleChange & {
  /** Absent: the group is new. */
  groupId?: number;
  /** The complete spec afterwards. */
  spec: GroupSpec;
  status: Group['status'];
  /** Routes that are new or have another filter. */
  setRoutes: readonly Route[];
  removeRoutes: readonly string[];
  addWindows: GroupConfiguration['windows'];
  removeWindows: readonly number[];
};
