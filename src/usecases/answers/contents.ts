import type { Delta } from '../../core/model/alert.ts';
import type { Store } from '../../ports/store.ts';
import { allDeltas } from './all-deltas.ts';

/** What people see as one change: a new host with the ports that it appeared with. */
export type Item = { delta: Delta; contents: readonly Delta[]; contentOf?: number };

/**
 * A new host is one item, and its ports are its contents; ports of a host that is not in the list are listed by
 * themselves and say so.
 */
export async function itemsOf(store: Pick<Store, 'deltas'>, deltas: readonly Delta[]): Promise<Item[]> {
  const known = await store.deltas.contents();
  const listed = new Set(deltas.map(({ id }) => id));
  const inside = new Map<number, Delta[]>();
  for (const delta of deltas) {
    const item = known.get(delta.id)?.item;
    if (item !== undefined && listed.has(item)) inside.set(item, [...(inside.get(item) ?? []), delta]);
  }
  return deltas.flatMap((delta): Item[] => {
    const content = known.get(delta.id);
    const contents = [...(inside.get(delta.id) ?? [])].sort((a, b) => a.id - b.id);
    if (content === undefined) return [{ delta, contents }];
    // The host is gone again, and its ports with it.
    return content.over || listed.has(content.item) ? [] : [{ delta, contents, contentOf: content.item }];
  });
}

/** Answering a new host also answers the ports that it appeared with. */
export async function withContents(store: Pick<Store, 'deltas'>, deltas: readonly Delta[]): Promise<Delta[]> {
  const hosts = new Set(deltas.flatMap(({ id, kind }) => (kind === 'host-appeared' ? [id] : [])));
  if (hosts.size === 0) return [...deltas];
  const given = new Set(deltas.map(({ id }) => id));
  const more = [...(await store.deltas.contents())].flatMap(([id, { item }]) =>
    hosts.has(item) && !given.has(id) ? [id] : [],
  );
  return more.length === 0 ? [...deltas] : [...deltas, ...(await allDeltas(store, { ids: more }))];
}

/** Undoing the answer to a new host also undoes the answers given with it. */
export async function withAnsweredContents(store: Pick<Store, 'deltas'>, deltas: readonly Delta[]): Promise<Delta[]> {
  const more: Delta[] = [];
  for (const { id, groupId, scanId, address, acknowledgement } of deltas.filter(
    ({ kind }) => kind === 'host-appeared',
  )) {
    if (acknowledgement.type === 'open') continue;
    const ports = await allDeltas(store, { groupId, scanId, address, kind: 'service-added', states: ['confirmed'] });
    const together = ports.filter(
      ({ acknowledgement: answer }) => answer.type !== 'open' && answer.at === acknowledgement.at,
    );
    more.push(...together.filter((port) => port.id !== id && !deltas.some((given) => given.id === port.id)));
  }
  return [...deltas, ...more];
}
