import { type Columns, ID, KEY_TEXT, NUMBER, TEXT, TIME } from '../table.ts';

export type MessageRow = {
  id: number;
  /** The subject as one short text; unique within a channel. */
  subject_key: string;
  subject: string;
  /** The group of its subject, with which it is deleted. */
  group_id: number | null;
  channel: string;
  platform: string;
  parent_id: number | null;
  ref_id: string | null;
  ref_thread: string | null;
  wanted: number;
  sent: number;
  status: string;
  not_before: number;
  attempts: number;
  uncertain: number;
  failure: string | null;
  created_at: number;
  /** While it is being sent: until when, and which revision. Both remain after a crash. */
  lease_until: number | null;
  claimed: number | null;
};

export const MESSAGES: Columns<MessageRow> = {
  id: ID,
  subject_key: TEXT,
  subject: TEXT,
  group_id: NUMBER,
  channel: TEXT,
  platform: TEXT,
  parent_id: NUMBER,
  ref_id: TEXT,
  ref_thread: TEXT,
  wanted: NUMBER,
  sent: NUMBER,
  status: TEXT,
  not_before: TIME,
  attempts: NUMBER,
  uncertain: NUMBER,
  failure: TEXT,
  created_at: TIME,
  lease_until: TIME,
  claimed: NUMBER,
};

export type DigestRow = { channel: string; phrase: string; due: string; zone: string; sent_at: number };

export const DIGESTS: Columns<DigestRow> = {
  channel: KEY_TEXT,
  phrase: TEXT,
  due: TEXT,
  zone: TEXT,
  sent_at: TIME,
};
