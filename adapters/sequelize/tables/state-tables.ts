import { BYTES, type Columns, ID, KEY_NUMBER, KEY_TEXT, KEY_TIME, NUMBER, TEXT, TIME } from '../table.ts';

export type HostRow = {
  group_id: number;
  address: string;
  /** Sorts by number: IPv4 before IPv6. */
  sort_key: string;
  code: string;
  /** 1 or 0. */
  present: number;
  first_seen: number;
  last_seen: number | null;
  hostnames: string;
  mac: string | null;
  vendor: string | null;
  memory: string;
  /**
   * Proof that the same evidence would bring nothing new for exactly this row and its services; every write of the row
   * must set it again.
   */
  steady: string | null;
};

export const HOSTS: Columns<HostRow> = {
  group_id: KEY_NUMBER,
  address: KEY_TEXT,
  sort_key: TEXT,
  code: TEXT,
  present: NUMBER,
  first_seen: TIME,
  last_seen: TIME,
  hostnames: TEXT,
  mac: TEXT,
  vendor: TEXT,
  memory: TEXT,
  steady: TEXT,
};

/** One interval of a service. */
export type ServiceRow = {
  group_id: number;
  address: string;
  protocol: string;
  port: number;
  since: number;
  until: number | null;
  present: number;
  /** 1 while the judge knows it; 0 for an earlier interval, kept for the timeline. */
  current: number;
  /** Its position in the host's list. */
  position: number;
  identity: string | null;
  /** In lower case, for searching. */
  name: string | null;
  product: string | null;
  memory: string;
};

export const SERVICES: Columns<ServiceRow> = {
  group_id: KEY_NUMBER,
  address: KEY_TEXT,
  protocol: KEY_TEXT,
  port: KEY_NUMBER,
  since: KEY_TIME,
  until: TIME,
  present: NUMBER,
  current: NUMBER,
  position: NUMBER,
  identity: TEXT,
  name: TEXT,
  product: TEXT,
  memory: TEXT,
};

/** When the services of a host were last identified, as JSON: see `IdentityRead`. */
export type IdentityReadRow = { group_id: number; address: string; detail: string };
export const IDENTITY_READS: Columns<IdentityReadRow> = { group_id: KEY_NUMBER, address: KEY_TEXT, detail: TEXT };

/** One row for each change of a host's code. */
export type HostCodeRow = { id: number; group_id: number; address: string; at: number; code: string };
export const HOST_CODES: Columns<HostCodeRow> = { id: ID, group_id: NUMBER, address: TEXT, at: TIME, code: TEXT };

/** What was recorded about a host's services at the time; never changed by later events. */
export type HostEventRow = { id: number; group_id: number; address: string; at: number; text: string };
export const HOST_EVENTS: Columns<HostEventRow> = { id: ID, group_id: NUMBER, address: TEXT, at: TIME, text: TEXT };

/** For scans that were judged before the lists were packed; see FirstFoundRow. */
export type FirstDeterminedRow = {
  id: number;
  group_id: number;
  scan_id: number;
  at: number;
  address: string;
  protocol: string | null;
  port: number | null;
  identity: string | null;
  /** `10.0.0.5|tcp/80`, or `10.0.0.5|` for the host; unique within a group. */
  subject: string;
};

export const FIRST_DETERMINED: Columns<FirstDeterminedRow> = {
  id: ID,
  group_id: NUMBER,
  scan_id: NUMBER,
  at: TIME,
  address: TEXT,
  protocol: TEXT,
  port: NUMBER,
  identity: TEXT,
  subject: TEXT,
};

/** Packed lists of `FirstDetermined`. */
export type FirstFoundRow = {
  scan_id: number;
  part: number;
  group_id: number;
  at: number;
  /** The length of the list. */
  found: number;
  detail: Buffer;
};

export const FIRST_FOUND: Columns<FirstFoundRow> = {
  scan_id: KEY_NUMBER,
  part: KEY_NUMBER,
  group_id: NUMBER,
  at: TIME,
  found: NUMBER,
  detail: BYTES,
};
