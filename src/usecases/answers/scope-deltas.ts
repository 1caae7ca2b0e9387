import type { AlertScope, Delta } from '../../core/model/alert.ts';
import type { Store } from '../../ports/store.ts';
import { allDeltas } from './all-deltas.ts';

/** The announced deltas that a button stands for; none when its alert was pruned. */
export async function scopeDeltas(store: Store, scope: AlertScope): Promise<Delta[]> {
  return await allDeltas(store, {
    alertId: scope.alert,
    states: ['confirmed'],
    ...(scope.host === undefined ? {} : { address: scope.host }),
    ...(scope.kind === undefined ? {} : { kind: scope.kind }),
  });
}
