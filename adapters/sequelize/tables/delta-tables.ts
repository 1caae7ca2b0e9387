import { type Columns, ID, NUMBER, REAL, TEXT, TIME } from '../table.ts';

export type AlertRow = {
  id: number;
  group_id: number;
  scan_id: number;
  previous_id: number | null;
  thread: string;
  created_at: number;
};

export const ALERTS: Columns<AlertRow> = {
  id: ID,
  group_id: NUMBER,
  scan_id: NUMBER,
  previous_id: NUMBER,
  thread: TEXT,
  created_at: TIME,
};

export type DeltaRow = {
  id: number;
  group_id: number;
  scan_id: number;
  /** The commit that inserted it (by its scan) and its position there: unique, so that no commit can happen twice. */
  commit_scan_id: number;
  commit_index: number;
  at: number;
  kind: string;
  address: string;
  protocol: string | null;
  port: number | null;
  /** `deltaKey` of core. */
  subject: string;
  state: string;
  before: string | null;
  after: string | null;
  grade: string;
  probability: number;
  evidence: string;
  members: string | null;
  held_back: string | null;
  risk: string;
  risk_hint: string | null;
  first_seen: number | null;
  last_seen: number | null;
  alert_id: number | null;
  repeats: number;
  answer: string;
  answered_by: string | null;
  answered_by_name: string | null;
  answered_at: number | null;
  answer_note: string | null;
  part_of: number | null;
  now_kind: string | null;
  now_at: number | null;
  resolved_at: number | null;
  announced: number | null;
  reminded_at: number | null;
};

export const DELTAS: Columns<DeltaRow> = {
  id: ID,
  group_id: NUMBER,
  scan_id: NUMBER,
  commit_scan_id: NUMBER,
  commit_index: NUMBER,
  at: TIME,
  kind: TEXT,
  address: TEXT,
  protocol: TEXT,
  port: NUMBER,
  subject: TEXT,
  state: TEXT,
  before: TEXT,
  after: TEXT,
  grade: TEXT,
  probability: REAL,
  evidence: TEXT,
  members: TEXT,
  held_back: TEXT,
  risk: TEXT,
  risk_hint: TEXT,
  first_seen: TIME,
  last_seen: TIME,
  alert_id: NUMBER,
  repeats: NUMBER,
  answer: TEXT,
  answered_by: TEXT,
  answered_by_name: TEXT,
  answered_at: TIME,
  answer_note: TEXT,
  part_of: NUMBER,
  now_kind: TEXT,
  now_at: TIME,
  resolved_at: TIME,
  announced: NUMBER,
  reminded_at: TIME,
};

/** Every answer ever given, and every undo (`undone`). */
export type AcknowledgementRow = {
  id: number;
  delta_id: number;
  answer: string;
  answered_by: string | null;
  answered_by_name: string | null;
  at: number | null;
  note: string | null;
};

export const ACKNOWLEDGEMENTS: Columns<AcknowledgementRow> = {
  id: ID,
  delta_id: NUMBER,
  answer: TEXT,
  answered_by: TEXT,
  answered_by_name: TEXT,
  at: TIME,
  note: TEXT,
};
