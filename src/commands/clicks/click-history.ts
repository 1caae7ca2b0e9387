import type { Card } from '../../cards/card.ts';
import { deltaListCard } from '../../cards/delta.ts';
import { hostShowCard } from '../../cards/host.ts';
import type { Delta } from '../../core/model/alert.ts';
import type { Store } from '../../ports/store.ts';
import { hostViews } from '../../usecases/views/host-views.ts';

const SHOWN = 20;

/** Everything known about the host behind a message; for several hosts, their latest deltas. */
export async function historyOf(store: Store, deltas: readonly Delta[]): Promise<Card> {
  const [first] = deltas;
  const addresses = new Set(deltas.map((delta) => delta.address));
  const group = first === undefined ? undefined : await store.groups.byId(first.groupId);
  if (first !== undefined && addresses.size === 1) {
    const views = await hostViews(store, first.address, group);
    if (views.length > 0) return hostShowCard(first.address, views);
  }
  const rows = deltas.slice(-SHOWN).reverse();
  const groupName = group?.name ?? '';
  return deltaListCard(
    rows.map((delta) => ({ delta, groupName })),
    'of this alert',
    { command: 'delta list state:all', page: 1, total: Math.min(deltas.length, SHOWN) },
  );
}
