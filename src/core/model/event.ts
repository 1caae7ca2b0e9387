import type { Report, ReportFormat } from '../report/report.ts';
import type { Acknowledgement, Alert, Delta } from './alert.ts';
import type { Group } from './group.ts';
import type { PrincipalKey } from './principal.ts';
import type { Scan } from './scan.ts';

/** Grows when a field changes its meaning or goes; fields and types may be added without. */
export const EVENT_VERSION = 1;

export const EVENT_TYPES = [
  'alert-opened',
  /** More was confirmed of its scan, or came back while it was open. */
  'alert-changed',
  'alert-resolved',
  /** Acknowledged, expected, a false alarm, or the answer was taken back (`open`). */
  'delta-answered',
  /** A mute or a window held it back, which has ended; it is still so, and open from now on. */
  'delta-released',
  'scan-done',
  'scan-failed',
  /** What a route that asked for it has gathered. */
  'digest',
  /** Statistics, as a schedule asked for them. */
  'report',
  /** The place was away for so long that the oldest events were dropped. */
  'events-lost',
  'test',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** The scan without what only NetDelta itself needs to run it. */
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
      /** What the alert was opened with, as one line: the same in all of its events. */
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
 * What happened, once, as it was then: what a sink is sent. `id` is the same in every place and at every retry;
 * `instance` is the bot that says it. `at`: epoch ms.
 */
export type SinkEvent = Body & {
  version: typeof EVENT_VERSION;
  id: string;
  instance: string;
  at: number;
  group: EventGroup;
};
