import type { SinkEvent } from '../core/model/event.ts';
import type { SinkName } from '../core/platforms.ts';

/** A place that takes structured events and answers nothing: a file, a webhook, a log server, a mailbox. */
export type Sink = {
  platform: SinkName;
  /**
   * Resolves when the receiver has taken the event. After a lost response the same event is sent again, with the same
   * id. `place`: the part after the platform's name. Throws DeliveryError, at the latest at `deadline`: whatever was in
   * progress has ended by then, so that the next try can't overlap it.
   */
  send(event: SinkEvent, place: string, deadline: AbortSignal): Promise<void>;
  /** What keeps events from arriving there, each with how to fix it; empty when nothing does. Sends no event. */
  check(place?: string): Promise<readonly string[]>;
  close(): Promise<void>;
};
