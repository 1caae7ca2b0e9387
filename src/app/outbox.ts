import type { Config } from '../config.ts';
import type { Chat } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import { deliverDue } from '../usecases/delivery/deliver.ts';
import { startDeliveryLoop } from '../usecases/delivery/delivery-loop.ts';
import { adminPlaces, tellUndeliverable } from './channels.ts';

export type Outbox = {
  /** The platforms that are up; they come and go. */
  chats: Map<string, Chat>;
  platforms(): readonly string[];
  wake(): void;
  stop(): Promise<void>;
};

/** Sends what the store wants sent, as long as it runs. */
export function startOutbox(parts: {
  config: Config;
  store: Store;
  instance: string;
  clock: Clock;
  log: Log;
  consoleChat?: Chat | undefined;
}): Outbox {
  const { config, store, instance, clock, log, consoleChat } = parts;
  const chats = new Map<string, Chat>();
  if (consoleChat !== undefined) chats.set('console', consoleChat);
  const platforms = () => [...chats.keys()];
  const undeliverable = tellUndeliverable({ store, log, places: adminPlaces(config), now: clock.now });
  const deliver = () => deliverDue({ store, chats, clock, log, instance, undeliverable });
  const loop = startDeliveryLoop({ messages: store.messages, clock, log, platforms, deliver });
  return { chats, platforms, wake: loop.wake, stop: loop.stop };
}
