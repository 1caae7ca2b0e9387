import type { Acknowledgement } from '../../core/model/alert.ts';
import type { EventType } from '../../core/model/event.ts';
import type { ChannelRef, PrincipalKey } from '../../core/model/principal.ts';

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
  /** Removes those from before that time which no message waits for; returns how many. */
  prune(before: number): Promise<number>;
};
