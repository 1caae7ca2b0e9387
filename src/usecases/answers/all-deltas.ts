import type { Delta } from '../../core/model/alert.ts';
import type { DeltaFilter, Store } from '../../ports/store.ts';

const PAGE = 5_000;

/** Every one of them, oldest first: what is counted, listed or answered must not end at a page. */
export async function allDeltas(store: Pick<Store, 'deltas'>, filter: DeltaFilter): Promise<Delta[]> {
  const found = new Map<number, Delta>();
  for (let offset = 0; ; offset += PAGE) {
    const { items } = await store.deltas.list(filter, { limit: PAGE, offset });
    for (const delta of items) found.set(delta.id, delta);
    if (items.length < PAGE) break;
  }
  return [...found.values()].sort((a, b) => a.id - b.id);
}
