import type { Group, GroupSpec } from './group.ts';
import type { MaintenanceWindow } from './hold.ts';
import type { Route } from './route.ts';
import type { Schedule } from './schedule.ts';

/** A group with all that is configured of it. */
export type GroupConfiguration = {
  spec: GroupSpec;
  status: Group['status'];
  schedules: readonly Omit<Schedule, 'id' | 'groupId'>[];
  routes: readonly Route[];
  windows: readonly Omit<MaintenanceWindow, 'id' | 'groupId'>[];
};

/** What is to become of one group; what is not named stays as it is. */
export type GroupChange = {
  /** Absent: the group is new. */
  groupId?: number;
  /** As all of it is to be afterwards. */
  spec: GroupSpec;
  status: Group['status'];
  addSchedules: GroupConfiguration['schedules'];
  /** Paused or resumed. */
  editSchedules: readonly { id: number; status: Schedule['status']; now: number }[];
  removeSchedules: readonly number[];
  /** New, or with another filter. */
  setRoutes: readonly Route[];
  removeRoutes: readonly string[];
  addWindows: GroupConfiguration['windows'];
  removeWindows: readonly number[];
};
