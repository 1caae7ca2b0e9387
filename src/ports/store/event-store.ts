import type { Card } from '../../cards/card.ts';
import type { Acknowledgement } from '../../core/model/alert.ts';
import type { EventType } from '../../core/model/event.ts';
import type { ChannelRef, PrincipalKey } from '../../core/model/principal.ts';
import type { Route } from '../../core/model/route.ts';
import type { ReportFormat } from '../../core/report/report.ts';

/**
 * An event, by reference. Recorded in the transaction of the change itself, so that neither exists without the other.
 */
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
  /** For a digest: its start (epoch ms), and the events in it. */
  since?: number;
  events?: readonly number[];
  /** For a report: its format; it begins at `since`. */
  format?: ReportFormat;
  /** For a release: which hold has ended. */
  reason?: string;
  /** How many were dropped. */
  lost?: number;
};

/** One event for one place: all of its deltas, or those that the route lets through. */
export type Dispatch = { event: number; channel: ChannelRef; deltas?: readonly number[] };

export type EventStore = {
  record(event: Omit<RecordedEvent, 'id'>): Promise<void>;
  byId(id: number): Promise<RecordedEvent | undefined>;
  /** Events that have not been dispatched yet, oldest first. */
  undispatched(limit: number): Promise<RecordedEvent[]>;
  /** In one transaction: marks these events as dispatched, and queues a message for each dispatch. Idempotent. */
  dispatch(ids: readonly number[], dispatches: readonly Dispatch[], at: number): Promise<void>;
  /** The first event of an alert: what it was opened with. */
  opening(alertId: number): Promise<RecordedEvent | undefined>;
  /** A group's events after the given one, oldest first. */
  since(groupId: number, after: number): Promise<RecordedEvent[]>;
  /** The newest id; 0 when there is none. */
  newest(): Promise<number>;
  /**
   * In one transaction: queues a digest as one message, and moves the route on. False when another bot did so already.
   * `card`: for a place that shows cards.
   */
  digest(digest: {
    groupId: number;
    route: Route;
    events: readonly number[];
    through: number;
    at: number;
    card?: Card;
  }): Promise<boolean>;
  /**
   * Drops the oldest events that wait for a sink beyond `keep`, and queues a message with their number for the place.
   */
  dropWaiting(platforms: readonly string[], keep: number, at: number): Promise<{ channel: ChannelRef; lost: number }[]>;
  /** Removes events older than that for which no message waits; returns how many. */
  prune(before: number): Promise<number>;
};
