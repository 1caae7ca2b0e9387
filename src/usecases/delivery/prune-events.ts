import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';

const KEEP_MS = 90 * 24 * 3_600_000;
const EVERY_MS = 3_600_000;

/** A chore: what every sink has been sent is forgotten after 90 days. What happened stays in the deltas and the audit. */
export function pruneEvents({ store, clock }: { store: Store; clock: Clock }): () => Promise<void> {
  let next = 0;
  return async () => {
    if (clock.now() < next) return;
    next = clock.now() + EVERY_MS;
    await store.events.prune(clock.now() - KEEP_MS);
  };
}
