import { type Columns, ID, NUMBER, TEXT, TIME } from '../table.ts';

export type BaselineRow = {
  id: number;
  group_id: number;
  by_key: string;
  by_name: string;
  at: number;
  note: string | null;
  hosts: number;
  services: number;
};

export const BASELINES: Columns<BaselineRow> = {
  id: ID,
  group_id: NUMBER,
  by_key: TEXT,
  by_name: TEXT,
  at: TIME,
  note: TEXT,
  hosts: NUMBER,
  services: NUMBER,
};

export type NoteRow = {
  id: number;
  group_id: number | null;
  address: string;
  protocol: string | null;
  port: number | null;
  words: string | null;
  owner: string | null;
  /** JSON. */
  tags: string | null;
  by_key: string;
  by_name: string;
  at: number;
};

export const NOTES: Columns<NoteRow> = {
  id: ID,
  group_id: NUMBER,
  address: TEXT,
  protocol: TEXT,
  port: NUMBER,
  words: TEXT,
  owner: TEXT,
  tags: TEXT,
  by_key: TEXT,
  by_name: TEXT,
  at: TIME,
};
