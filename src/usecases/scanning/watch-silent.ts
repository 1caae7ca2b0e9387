import { SILENT_MS } from '../../cards/scan.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';

const EVERY_MS = 60_000;
const PAGE = { limit: 200, offset: 0 };

/**
 * A chore: the message of a running scan shows its worker's last report. While the worker is silent, the message is
 * refreshed once a minute.
 */
export function watchSilent(deps: { store: Store; clock: Clock; wake(): void }): () => Promise<void> {
  const { store, clock } = deps;
  let next = 0;
  return async () => {
    const now = clock.now();
    if (now < next) return;
    next = now + EVERY_MS;
    const { items } = await store.scans.list({ statuses: ['running'] }, PAGE);
    const silent = items.filter(({ underWay, startedAt }) => now - (underWay?.at ?? startedAt ?? now) >= SILENT_MS);
    if (silent.length === 0) return;
    await store.messages.touch(silent.map(({ id }) => ({ type: 'scan', scan: id })));
    deps.wake();
  };
}
