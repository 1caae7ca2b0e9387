import { UserError } from '../../core/errors.ts';
import type { Group } from '../../core/model/group.ts';
import type { PrincipalKey } from '../../core/model/principal.ts';
import type { Baseline } from '../../core/model/record.ts';
import type { Store } from '../../ports/store.ts';
import { allHosts } from '../views/export-group.ts';

/** Signs what is up and open in a group now. Throws UserError while there is nothing to sign. */
export async function approveGroup(
  store: Store,
  group: Group,
  signed: { by: PrincipalKey; byName: string; at: number; note?: string },
): Promise<Baseline> {
  const done = { groupId: group.id, statuses: ['done'], kind: 'scan' } as const;
  if ((await store.scans.list(done, { limit: 1, offset: 0 })).total === 0) {
    throw new UserError(`Group ${group.name} has not been scanned yet: there is nothing to approve.`, {
      word: group.name,
      hint: `\`scan now ${group.name}\` first.`,
    });
  }
  const up = (await allHosts(store, group.id)).filter((host) => host.present);
  const services = up.reduce((sum, host) => sum + host.services.filter((service) => service.present).length, 0);
  return await store.records.addBaseline({ groupId: group.id, hosts: up.length, services, ...signed });
}
