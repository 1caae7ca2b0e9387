import type { Card } from '../../cards/card.ts';
import type { Acknowledgement } from '../../core/model/alert.ts';
import type { EventType } from '../../core/model/event.ts';
import type { ChannelRef, PrincipalKey } from '../../core/model/principal.ts';
import type { Route } from '../../core/model/route.ts';
import type { ReportFormat } from '../../core/report/report.ts';

/** What happened, by reference. Recorded in the transaction of the change itself, so that neither is without the other. */
export type RecordedEvent = {
  id: number;
  type: EventType;
  groupId: number;
  /** Epoch ms. */
  at: number;
  alertId?: number;
  scanId?: number;
  /** The deltas it is about. */
  deltaIds: readonly number[];
  answer?: Acknowledgement;
  by?: PrincipalKey;
  /** Of a digest: from when, and the events that are in it. */
  since?: number;
  events?: readonly number[];
  /** Of a report: what it is asked for as; it begins at `since`. */
  format?: ReportFormat;
  /** Of what was released: which hold has ended. */
  reason?: string;
  /** How many were dropped. */
  lost?: number;
};

/** One event for one place: all of its deltas, or those that the route lets through. */
export type Dispatch = { event: number; channel: ChannelRef; deltas?: readonly number[] };

export type EventStore = {
  record(event: Omit<RecordedEvent, 'id'>): Promise<void>;
  byId(id: number): Promise<RecordedEvent | undefined>;
  /** Oldest first, those of which nobody has said yet where they go. */
  undispatched(limit: number): Promise<RecordedEvent[]>;
  /** In one transaction: these events are done with, and each dispatch is a message to be sent. Idempotent. */
  dispatch(ids: readonly number[], dispatches: readonly Dispatch[], at: number): Promise<void>;
  /** The first event of an alert: what it was opened with. */
  opening(alertId: number): Promise<RecordedEvent | undefined>;
  /** Of one group, after an event, oldest first. */
  since(groupId: number, after: number): Promise<RecordedEvent[]>;
  /** The newest id there is; 0 when there is none. */
  newest(): Promise<number>;
  /**
   * In one transaction: what has gathered for a digest is said as one message, and the route goes on from there. False
   * when somebody did it already. `card`: for a place that shows cards.
   */
  digest(digest: {
    groupId: number;
    route: Route;
    events: readonly number[];
    through: number;
    at: number;
    card?: Card;
  }): Promise<boolean>;
  /** Drops the oldest events that wait for a sink beyond `keep`, and has the place told how many. */
  dropWaiting(platforms: readonly string[], keep: number, at: number): Promise<{ channel: ChannelRef; lost: number }[]>;
  /** Removes those from before that time which no message waits for; returns how many. */
  prune(before: number): Promise<number>;
};
