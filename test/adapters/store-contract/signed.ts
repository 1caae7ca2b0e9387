import { expect, test } from 'vitest';
import type { Context } from '../store-contract.ts';
import { ADMIN, addGroup, T0 } from './samples.ts';

const by = { by: ADMIN, byName: 'Ann "the admin"', at: T0 };

export function signedFacts(given: () => Context): void {
  test('baselines and notes are read back as written, and are deleted with their group', async () => {
    const { store } = given();
    const { id: groupId } = await addGroup(store);
    const signed = await store.records.addBaseline({ groupId, hosts: 2, services: 4, note: 'audit', ...by });
    const plain = await store.records.addBaseline({ groupId, hosts: 3, services: 4, ...by });
    expect(await store.records.baselines(groupId)).toEqual([signed, plain]);
    expect(await store.records.baselines(groupId + 1)).toEqual([]);
    const everywhere = await store.records.addNote({ address: '10.0.0.5', text: 'jump host', ...by });
    const here = {
      groupId,
      address: '10.0.0.6',
      protocol: 'udp',
      port: 53,
      owner: 'ann',
      tags: ['dmz'],
      ...by,
    } as const;
    const own = await store.records.addNote(here);
    expect(await store.records.notes()).toEqual([everywhere, { ...here, id: own.id }]);
    expect(await store.records.notes('10.0.0.6')).toEqual([own]);
    const none = Array.from({ length: 1100 }, (_, n) => `10.8.${n >> 8}.${n & 255}`);
    expect(await store.records.notes([...none, '10.0.0.6'])).toEqual([own]);
    expect(await store.records.notes([])).toEqual([]);
    await store.groups.remove(groupId);
    expect(await store.records.baselines()).toEqual([]);
    expect(await store.records.notes()).toEqual([everywhere]);
    expect([await store.records.removeNote(everywhere.id), await store.records.removeNote(everywhere.id)]).toEqual([
      true,
      false,
    ]);
  });
}
