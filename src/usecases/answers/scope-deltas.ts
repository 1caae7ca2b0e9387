import { defined } from '../../core/defined.ts';
import type { AlertScope, Delta } from '../../core/model/alert.ts';
import type { Store } from '../../ports/store.ts';
import { allDeltas } from './all-deltas.ts';

/** The announced deltas that a button stands for; none when its alert was pruned. */
export async function scopeDeltas(store: Store, scope: AlertScope): Promise<Delta[]> {
  return await allDeltas(store, {
    alertId: scope.alert,
    states: ['confirmed'],
    ...defined({ address: scope.host, kind: scope.kind }),
  });
}
