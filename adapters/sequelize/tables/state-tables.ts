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
  /** What says that the same evidence would bring nothing new of this very row and its services; whoever writes it anew says it anew. */
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
  /** Its place in the host's list. */
  position: number;
  identity: string | null;
  /** In small letters, to search by. */
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

/** One row for each change of a host's code. */
export type HostCodeRow = { id: number; group_id: number; address: string; at: number; code: string };
export const HOST_CODES: Columns<HostCodeRow> = { id: ID, group_id: NUMBER, address: TEXT, at: TIME, code: TEXT };

/** What was recorded of a host's services when it happened; never changed by what comes later. */
export type HostEventRow = { id: number; group_id: number; address: string; at: number; text: string };
export const HOST_EVENTS: Columns<HostEventRow> = { id: ID, group_id: NUMBER, address: TEXT, at: TIME, text: TEXT };

/** Of scans that were judged before the lists were packed; see FirstFoundRow. */
export type FirstDeterminedRow = {
  id: number;
  group_id: number;
  scan_id: number;
  at: number;
  address: string;
  protocol: string | null;
  port: number | null;
  identity: string | null;
  /** `10.0.0.5|tcp/80`, or `10.0.0.5|` for the host; once in a group. */
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
  /** How many there are in the list. */
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
