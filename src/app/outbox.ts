import type { Config } from '../config.ts';
import type { Group } from '../core/model/group.ts';
import type { Route } from '../core/model/route.ts';
import type { Chat } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Sink } from '../ports/sink.ts';
import type { Store } from '../ports/store.ts';
import { deliverDue } from '../usecases/delivery/deliver.ts';
import { startDeliveryLoop } from '../usecases/delivery/delivery-loop.ts';
import { dispatchEvents } from '../usecases/delivery/dispatch-events.ts';
import { adminPlaces, tellUndeliverable } from './channels.ts';
import { drawReport } from './report-thread.ts';

export type Outbox = {
  /** The chats that are up; they come and go. */
  chats: Map<string, Chat>;
  platforms(): readonly string[];
  wake(): void;
  stop(): Promise<void>;
};

/** A limit for servers that answer byte by byte: a third of a claim's duration. */
const SINK_MS = 60_000;
const sinkDeadline = () => AbortSignal.timeout(SINK_MS);

/** Sends the messages in the store's outbox, as long as it runs. */
export function startOutbox(parts: {
  config: Config;
  store: Store;
  instance: string;
  clock: Clock;
  log: Log;
  sinks: ReadonlyMap<string, Sink>;
  placesOf(group: Group): Promise<readonly Route[]>;
}): Outbox {
  const { config, store, instance, clock, log, sinks } = parts;
  const chats = new Map<string, Chat>();
  const platforms = () => [...chats.keys(), ...sinks.keys()];
  const undeliverable = tellUndeliverable({ store, log, places: adminPlaces(config), now: clock.now });
  const deliver = async () => {
    // A problem with the sinks must not keep the chat waiting.
    await dispatchEvents({ store, clock, placesOf: parts.placesOf }).catch((error: unknown) =>
      log.error({ err: error }, 'events could not be dispatched; it is tried again'),
    );
    return deliverDue({ store, chats, sinks, clock, log, instance, sinkDeadline, drawReport, undeliverable });
  };
  const loop = startDeliveryLoop({
    ...{ messages: store.messages, clock, log, platforms, deliver },
    elapsed: () => performance.now(),
  });
  return { chats, platforms, wake: loop.wake, stop: loop.stop };
}
