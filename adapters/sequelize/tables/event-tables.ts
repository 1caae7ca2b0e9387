import { type Columns, ID, NUMBER, TEXT, TIME } from '../table.ts';

export type EventRow = {
  id: number;
  type: string;
  group_id: number;
  at: number;
  alert_id: number | null;
  scan_id: number | null;
  /** The rest, as JSON. */
  detail: string;
  dispatched: number;
};

export const EVENTS: Columns<EventRow> = {
  id: ID,
  type: TEXT,
  group_id: NUMBER,
  at: TIME,
  alert_id: NUMBER,
  scan_id: NUMBER,
  detail: TEXT,
  dispatched: NUMBER,
};
