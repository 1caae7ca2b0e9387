import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';

const EVERY_MS = 3_600_000;

/** A chore: audit entries older than `NETDELTA_AUDIT_KEEP` go; without it they stay for ever. */
export function pruneAudit({ store, clock }: { store: Store; clock: Clock }, keepMs?: number): () => Promise<void> {
  let next = 0;
  return async () => {
    if (keepMs === undefined || clock.now() < next) return;
    next = clock.now() + EVERY_MS;
    await store.audit.prune(clock.now() - keepMs);
  };
}
