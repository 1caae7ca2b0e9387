import { grouped } from '../../core/grouped.ts';
import type { Delta } from '../../core/model/alert.ts';
import { KINDS } from '../../core/model/delta-kinds.ts';
import type { HostState } from '../../core/model/state.ts';
import type { Store } from '../../ports/store.ts';

/**
 * Which of the held-back changes still hold: the last change of each subject, unless it was undone meanwhile, is
 * already answered or open again, or the belief has changed since. Oldest first.
 */
export async function stillSo(store: Pick<Store, 'states'>, held: readonly Delta[]): Promise<Delta[]> {
  // A change that ends a reported one is not reported by itself.
  const items = held.filter(({ partOf }) => partOf === undefined);
  items.sort((a, b) => a.id - b.id);
  const still: Delta[] = [];
  for (const story of grouped(items, storyKey).values()) {
    const [first, last] = [story[0], story.at(-1)];
    if (first === undefined || last?.acknowledgement.type !== 'open' || isOver(first, last)) continue;
    if (isTrue(last, await store.states.host(last.groupId, last.address))) still.push(last);
  }
  return still.sort((a, b) => a.id - b.id);
}

function storyKey({ groupId, kind, address, protocol, port }: Delta): string {
  return [groupId, KINDS[kind].family, address, protocol ?? '', port ?? ''].join('|');
}

/** Back and forth: everything is as it was before it was held back. */
function isOver(first: Delta, last: Delta): boolean {
  if (last.resolvedAt !== undefined || last.state !== 'suppressed') return true;
  if (first.id !== last.id && KINDS[first.kind].undoneBy === last.kind) return true;
  return KINDS[first.kind].change === 'sides' && sideKey(first.before) === sideKey(last.after);
}

function sideKey(side: Delta['after']): string {
  return side?.present === true ? `there ${JSON.stringify(side.identity ?? null)}` : 'not there';
}

/**
 * Whether the belief agrees with the change. A change that no host's state can show (an outage, a name's address)
 * counts as true until it is answered.
 */
export function isTrue({ kind, protocol = 'tcp', port, after }: Delta, state: HostState | undefined): boolean {
  const { subject, family } = KINDS[kind];
  if (subject === 'service') {
    const service = state?.services.find((one) => one.port === port && one.protocol === protocol);
    return (service?.present ?? false) === (after?.present ?? false);
  }
  if (family !== 'host' && family !== 'flood') return true;
  return (state?.present ?? false) === (kind !== 'host-down');
}
