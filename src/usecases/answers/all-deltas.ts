import { defined } from '../../core/defined.ts';
import type { AlertScope, Delta } from '../../core/model/alert.ts';
import type { DeltaFilter, Store } from '../../ports/store.ts';

const PAGE = 5_000;

/** All matching deltas, oldest first: counting, listing and answering must not stop at a page. */
export async function allDeltas(store: Pick<Store, 'deltas'>, filter: DeltaFilter): Promise<Delta[]> {
  const found = new Map<number, Delta>();
  for (let offset = 0; ; offset += PAGE) {
    const { items } = await store.deltas.list(filter, { limit: PAGE, offset });
    for (const delta of items) found.set(delta.id, delta);
    if (items.length < PAGE) break;
  }
  return [...found.values()].sort((a, b) => a.id - b.id);
}

/** The announced deltas that a button applies to; empty when its alert was pruned. */
export async function scopeDeltas(store: Store, scope: AlertScope): Promise<Delta[]> {
  return await allDeltas(store, {
    alertId: scope.alert,
    states: ['confirmed'],
    ...defined({ address: scope.host, kind: scope.kind }),
  });
}
