import { type Columns, ID, KEY_NUMBER, KEY_TEXT, NUMBER, TEXT, TIME } from '../table.ts';

export type GroupRow = {
  id: number;
  name: string;
  /** The name, case-folded; unique. */
  folded: string;
  status: string;
  /** All of GroupSpec except the name, as JSON. */
  spec: string;
  created_by: string;
  created_at: number;
};

export const GROUPS: Columns<GroupRow> = {
  id: ID,
  name: TEXT,
  folded: TEXT,
  status: TEXT,
  spec: TEXT,
  created_by: TEXT,
  created_at: TIME,
};

export type RouteRow = { id: number; group_id: number; channel: string; settings: string | null };
export const ROUTES: Columns<RouteRow> = { id: ID, group_id: NUMBER, channel: TEXT, settings: TEXT };

export type ScheduleRow = {
  id: number;
  /** Null for a report on all groups. */
  group_id: number | null;
  phrase: string;
  due: string;
  zone: string;
  profile: string | null;
  /** As JSON. */
  report: string | null;
  status: string;
  created_by: string;
  created_at: number;
  last_due_at: number | null;
  active_since: number | null;
};

export const SCHEDULES: Columns<ScheduleRow> = {
  id: ID,
  group_id: NUMBER,
  phrase: TEXT,
  due: TEXT,
  zone: TEXT,
  profile: TEXT,
  report: TEXT,
  status: TEXT,
  created_by: TEXT,
  created_at: TIME,
  last_due_at: TIME,
  active_since: TIME,
};

/** The judge's memory of a whole group. */
/** `version` counts how often the belief was written. */
export type GroupMemoryRow = { group_id: number; memory: string; version: number };
export const GROUP_MEMORIES: Columns<GroupMemoryRow> = { group_id: KEY_NUMBER, memory: TEXT, version: NUMBER };

export type SettingRow = { name: string; value: string };
export const SETTINGS: Columns<SettingRow> = { name: KEY_TEXT, value: TEXT };
