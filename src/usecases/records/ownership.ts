import { grouped } from '../../core/grouped.ts';
import type { Group } from '../../core/model/group.ts';
import { type HostNote, type Ownership, ownershipOf } from '../../core/model/record.ts';
import type { Store } from '../../ports/store.ts';

/** For more addresses than this, all are read at once. */
const FEW = 5_000;

/** The owner and tags of each of these addresses in a group; of all addresses where none are given. Read once. */
export async function readOwnership(
  store: Pick<Store, 'records'>,
  addresses?: Iterable<string>,
): Promise<(group: Group, address: string) => Ownership> {
  const wanted = addresses === undefined ? undefined : [...new Set(addresses)];
  const notes = await store.records.notes(wanted !== undefined && wanted.length <= FEW ? wanted : undefined);
  const byAddress = grouped(notes, ({ address }) => address);
  return (group, address) => ownershipOf(group, byAddress.get(address) ?? [], address);
}

/** Notes on an address of a group, newest first. */
export async function notesOn(store: Pick<Store, 'records'>, groupId: number, address: string): Promise<HostNote[]> {
  const notes = await store.records.notes(address);
  return notes.filter((note) => (note.groupId ?? groupId) === groupId && note.text !== undefined).reverse();
}
