import type { Group } from '../../core/model/group.ts';
import { type HostNote, type Ownership, ownershipOf } from '../../core/model/record.ts';
import type { Store } from '../../ports/store.ts';

/** Whose each address of a group is, and what it belongs to; read once. */
export async function readOwnership(
  store: Pick<Store, 'records'>,
): Promise<(group: Group, address: string) => Ownership> {
  const byAddress = new Map<string, HostNote[]>();
  for (const note of await store.records.notes()) {
    byAddress.set(note.address, [...(byAddress.get(note.address) ?? []), note]);
  }
  return (group, address) => ownershipOf(group, byAddress.get(address) ?? [], address);
}

/** Notes on an address of a group, newest first. */
export async function notesOn(store: Pick<Store, 'records'>, groupId: number, address: string): Promise<HostNote[]> {
  const notes = await store.records.notes(address);
  return notes.filter((note) => (note.groupId ?? groupId) === groupId && note.text !== undefined).reverse();
}
