import type { AlertScope, Delta } from '../core/alert.ts';
import type { Store } from '../ports/store.ts';

const MOST = 5_000;

/** The announced deltas that a button stands for; none when its alert was pruned. */
export async function scopeDeltas(store: Store, scope: AlertScope): Promise<Delta[]> {
  const { items } = await store.deltas.list(
    {
      alertId: scope.alert,
      states: ['confirmed'],
      ...(scope.host === undefined ? {} : { address: scope.host }),
      ...(scope.kind === undefined ? {} : { kind: scope.kind }),
    },
    { limit: MOST, offset: 0 },
  );
  return items.sort((a, b) => a.id - b.id);
}
