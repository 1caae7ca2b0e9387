import type { SinkEvent } from '../core/model/event.ts';
import type { SinkName } from '../core/platforms.ts';

/** A place that takes structured events and answers nothing: a file, a webhook, a log server, a mailbox. */
export type Sink = {
  platform: SinkName;
  /**
   * Resolves when the receiver has taken the event. After a lost answer the same event comes again, with the same id.
   * `place`: what stands behind the platform's name. Throws DeliveryError, at the latest when `deadline` comes: whatever
   * is under way then has ended, so that the next try can't cross it.
   */
  send(event: SinkEvent, place: string, deadline: AbortSignal): Promise<void>;
  /** What keeps events from arriving there, each with how to fix it; empty when nothing does. Sends no event. */
  check(place?: string): Promise<readonly string[]>;
  close(): Promise<void>;
};
