import { isChatName, PLACE_NAMES } from '../../core/platforms.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';

/** Events that may wait for one place; about a week of a busy network. They are kept in SQL, on disk. */
export const MAX_WAITING = 10_000;
const EVERY_MS = 60_000;

/** A chore: a place that stays away must not fill the disk. What is dropped is said in the log, and to the place when it is back. */
export function dropWaiting({ store, clock, log }: { store: Store; clock: Clock; log: Log }): () => Promise<void> {
  const sinks = PLACE_NAMES.filter((name) => !isChatName(name));
  let next = 0;
  return async () => {
    if (clock.now() < next) return;
    next = clock.now() + EVERY_MS;
    for (const dropped of await store.events.dropWaiting(sinks, MAX_WAITING, clock.now())) {
      log.error(dropped, 'a place was away for too long: its oldest events are dropped');
    }
  };
}
