import type { Report, ReportFormat } from '../report/report.ts';
import type { Acknowledgement, Alert, Delta } from './alert.ts';
import type { Group } from './group.ts';
import type { PrincipalKey } from './principal.ts';
import type { Scan } from './scan.ts';

/** Increased when a field changes its meaning or disappears; fields and types may be added without a new version. */
export const EVENT_VERSION = 1;

export const EVENT_TYPES = [
  'alert-opened',
  /** Its scan confirmed more, or a change recurred while it was open. */
  'alert-changed',
  'alert-resolved',
  /** Acknowledged, expected, a false alarm, or the answer was taken back (`open`). */
  'delta-answered',
  /** A mute or window that held it back has ended; it still holds, so it is open from now on. */
  'delta-released',
  'scan-done',
  'scan-failed',
  /** Events gathered for a route that asked for a digest. */
  'digest',
  /** Statistics, requested by a schedule. */
  'report',
  /** The place was away for so long that the oldest events were dropped. */
  'events-lost',
  'test',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** The scan without the fields that NetDelta only needs to run it. */
export type EventScan = Pick<
  Scan,
  | 'id'
  | 'number'
  | 'kind'
  | 'status'
  | 'site'
  | 'hostsTotal'
  | 'hostsUp'
  | 'startedAt'
  | 'finishedAt'
  | 'error'
  | 'notes'
>;

export type EventGroup = Pick<Group, 'id' | 'name' | 'site' | 'description' | 'owner' | 'tags'>;

type Body =
  | {
      type: 'alert-opened' | 'alert-changed' | 'alert-resolved';
      alert: Alert;
      /** The alert's first message as one line: the same in all of its events. */
      subject: string;
      scan: EventScan;
      deltas: readonly Delta[];
    }
  | { type: 'delta-answered'; alert?: Alert; subject: string; deltas: readonly Delta[]; answer: Acknowledgement }
  | { type: 'delta-released'; subject: string; deltas: readonly Delta[]; reason: string }
  | { type: 'scan-done' | 'scan-failed'; scan: EventScan }
  | { type: 'digest'; since: number; events: readonly SinkEvent[] }
  | { type: 'report'; format: ReportFormat; report: Report }
  | { type: 'events-lost'; lost: number }
  | { type: 'test'; by: PrincipalKey };

/**
 * A single event as sent to a sink, with the state at that time. `id` is the same in every place and at every retry;
 * `instance` is the bot that sent it. `at`: epoch ms.
 */
export type SinkEvent = Body & {
  version: typeof EVENT_VERSION;
  id: string;
  instance: string;
  at: number;
  group: EventGroup;
};
