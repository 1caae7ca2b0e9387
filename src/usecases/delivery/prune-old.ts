import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';

const EVERY_MS = 3_600_000;
/** At a time: nobody waits long for the write lock. */
const LIMIT = 200;

/**
 * A chore: the detail of scans that are older than `NETDELTA_SCANS_KEEP` goes, and what was said of them, and notices.
 * What is believed, deltas, answers, statistics and the scans' own rows stay.
 */
export function pruneOld({ store, clock }: { store: Store; clock: Clock }, keepMs: number): () => Promise<void> {
  let next = 0;
  return async () => {
    if (clock.now() < next) return;
    const before = clock.now() - keepMs;
    const gone = [await store.scans.pruneBefore(before, LIMIT), await store.messages.prune(before, LIMIT)];
    // More is left: the next round of chores goes on.
    if (!gone.includes(LIMIT)) next = clock.now() + EVERY_MS;
  };
}
