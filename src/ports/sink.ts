import type { SinkEvent } from '../core/model/event.ts';
import type { SinkName } from '../core/platforms.ts';

/** A place that takes structured events and answers nothing: a file, a webhook, a log server, a mailbox. */
export type Sink = {
  platform: SinkName;
  /**
   * Resolves when the receiver has taken the event. After a lost answer the same event comes again, with the same id.
   * `place`: what stands behind the platform's name. Throws DeliveryError.
   */
  send(event: SinkEvent, place: string): Promise<void>;
  /** What keeps events from arriving there, each with how to fix it; empty when nothing does. Sends no event. */
  check(place?: string): Promise<readonly string[]>;
  close(): Promise<void>;
};
