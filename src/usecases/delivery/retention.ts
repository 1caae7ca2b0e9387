import { isChatName, PLACE_NAMES } from '../../core/platforms.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const EVENTS_KEEP_MS = 90 * 24 * HOUR_MS;
/** Rows per batch, so that nobody waits long for the write lock. */
const LIMIT = 200;

/** Events that may wait for one place; about a week of a busy network. They are stored in SQL, on disk. */
const MAX_WAITING = 10_000;

type Deps = { store: Store; clock: Clock };
type Chore = () => Promise<void>;

/** A chore that runs at most once per interval. `work` returns true when more is left for the next round. */
function every(ms: number, clock: Clock, work: () => Promise<boolean>): Chore {
  let next = 0;
  return async () => {
    if (clock.now() < next) return;
    next = clock.now() + ms;
    if (await work()) next = 0;
  };
}

/** Deletes audit entries older than `NETDELTA_AUDIT_KEEP`; if it is not set, they are kept for ever. */
export function pruneAudit({ store, clock }: Deps, keepMs?: number): Chore {
  return every(HOUR_MS, clock, async () => {
    if (keepMs !== undefined) await store.audit.prune(clock.now() - keepMs);
    return false;
  });
}

/** Deletes events that every sink has received after 90 days. Deltas and audit keep the history. */
export function pruneEvents({ store, clock }: Deps): Chore {
  return every(HOUR_MS, clock, async () => {
    await store.events.prune(clock.now() - EVENTS_KEEP_MS);
    return false;
  });
}

/**
 * Deletes the detail of scans older than `NETDELTA_SCANS_KEEP`, their messages, and notices. Beliefs, deltas, answers,
 * statistics and the scans' own rows stay.
 */
export function pruneOld({ store, clock }: Deps, keepMs: number): Chore {
  return every(HOUR_MS, clock, async () => {
    const before = clock.now() - keepMs;
    const gone = [await store.scans.pruneBefore(before, LIMIT), await store.messages.prune(before, LIMIT)];
    return gone.includes(LIMIT);
  });
}

/**
 * A place that stays away must not fill the disk. Dropped events are logged, and reported to the place when it is back.
 */
export function dropWaiting({ store, clock, log }: Deps & { log: Log }): Chore {
  const sinks = PLACE_NAMES.filter((name) => !isChatName(name));
  return every(MINUTE_MS, clock, async () => {
    for (const dropped of await store.events.dropWaiting(sinks, MAX_WAITING, clock.now())) {
      log.error(dropped, 'a place was away for too long: its oldest events are dropped');
    }
    return false;
  });
}
