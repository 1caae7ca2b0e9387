import { defined } from '../../core/defined.ts';
import type { Group } from '../../core/model/group.ts';
import { type HostRecords, portKey } from '../../core/model/record.ts';
import type { HostState } from '../../core/model/state.ts';
import type { Store } from '../../ports/store.ts';
import { approvalsOf } from './approvals.ts';
import { readOwnership } from './ownership.ts';

/** Records of these hosts of a group: owners, approvals, notes. */
export async function hostRecords(
  store: Store,
  group: Group,
  hosts: readonly HostState[],
): Promise<(host: HostState) => HostRecords> {
  const up = hosts.filter((host) => host.present);
  const standing = up.flatMap(({ address, firstSeen, services }) => [
    { groupId: group.id, address, since: firstSeen },
    ...services
      .filter((service) => service.present)
      .map(({ protocol, port, since }) => ({ groupId: group.id, address, protocol, port, since })),
  ]);
  const approvals = await approvalsOf(store, standing);
  const known = new Map(
    standing.flatMap((one, index) => {
      const approval = approvals[index];
      return approval === undefined ? [] : [[keyOf(one), approval] as const];
    }),
  );
  const ownership = await readOwnership(store);
  const notes = (await store.records.notes()).filter(({ groupId = group.id }) => groupId === group.id).reverse();
  return ({ address, services }) => {
    const approval = known.get(keyOf({ address }));
    const ports = services.flatMap((service) => {
      const found = known.get(keyOf({ address, ...service }));
      return found === undefined ? [] : [[portKey(service), found] as const];
    });
    return {
      ownership: ownership(group, address),
      ...defined({ approval }),
      approvals: new Map(ports),
      notes: notes.filter((note) => note.address === address && note.text !== undefined),
    };
  };
}

function keyOf({ address, protocol, port }: { address: string; protocol?: string; port?: number }): string {
  return `${address}|${protocol ?? ''}|${port ?? ''}`;
}
