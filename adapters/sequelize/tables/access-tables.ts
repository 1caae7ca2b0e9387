import { type Columns, ID, KEY_TEXT, NUMBER, TEXT, TIME } from '../table.ts';

export type RoleRow = { who: string; role: string; granted_by: string; granted_at: number };
export const ROLE_GRANTS: Columns<RoleRow> = { who: KEY_TEXT, role: TEXT, granted_by: TEXT, granted_at: TIME };

export type AuditRow = {
  id: number;
  at: number;
  who: string;
  name: string;
  channel: string;
  request: string;
  outcome: string;
  detail: string | null;
  kind: string;
  change: string | null;
  answers: number | null;
  hash: string | null;
};

export const AUDIT: Columns<AuditRow> = {
  id: ID,
  at: TIME,
  who: TEXT,
  name: TEXT,
  channel: TEXT,
  request: TEXT,
  outcome: TEXT,
  detail: TEXT,
  kind: TEXT,
  change: TEXT,
  answers: NUMBER,
  hash: TEXT,
};
