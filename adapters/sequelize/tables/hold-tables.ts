import { type Columns, ID, NUMBER, REAL, TEXT, TIME } from '../table.ts';

export type MuteRow = {
  id: number;
  group_id: number | null;
  what: string;
  target: string;
  starts_at: number;
  ends_at: number;
  reason: string | null;
  created_by: string;
  by_name: string;
  ended_at: number | null;
};

export const MUTES: Columns<MuteRow> = {
  id: ID,
  group_id: NUMBER,
  what: TEXT,
  target: TEXT,
  starts_at: TIME,
  ends_at: TIME,
  reason: TEXT,
  created_by: TEXT,
  by_name: TEXT,
  ended_at: TIME,
};

export type WindowRow = {
  id: number;
  group_id: number;
  phrase: string;
  due: string;
  zone: string;
  duration_ms: number;
  reason: string | null;
  created_by: string;
  by_name: string;
  created_at: number;
  told_until: number | null;
};

export const WINDOWS: Columns<WindowRow> = {
  id: ID,
  group_id: NUMBER,
  phrase: TEXT,
  due: TEXT,
  zone: TEXT,
  duration_ms: REAL,
  reason: TEXT,
  created_by: TEXT,
  by_name: TEXT,
  created_at: TIME,
  told_until: TIME,
};

export type ExpectationRow = {
  id: number;
  group_id: number;
  address: string;
  protocol: string;
  port: number;
  due_by: number;
  reason: string | null;
  ticket: string | null;
  created_by: string;
  by_name: string;
  created_at: number;
  status: string;
  delta_id: number | null;
  /** JSON; address, protocol and port are the form of an earlier version. */
  expected: string | null;
  lasts: string | null;
};

export const EXPECTATIONS: Columns<ExpectationRow> = {
  id: ID,
  group_id: NUMBER,
  address: TEXT,
  protocol: TEXT,
  port: NUMBER,
  due_by: TIME,
  reason: TEXT,
  ticket: TEXT,
  created_by: TEXT,
  by_name: TEXT,
  created_at: TIME,
  status: TEXT,
  delta_id: NUMBER,
  expected: TEXT,
  lasts: TEXT,
};
