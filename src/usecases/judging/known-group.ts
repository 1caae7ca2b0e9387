import type { Belief } from '../../core/model/judgement.ts';
import type { HostState } from '../../core/model/state.ts';
import type { Store } from '../../ports/store.ts';
import type { KnownGroup } from './chunks-to-judge.ts';

/** A group as it is stored, and `read`: the part of its belief that has been read so far. */
export async function knownGroup(
  { states }: Pick<Store, 'states'>,
  groupId: number,
): Promise<KnownGroup & { read: Belief }> {
  const { group, hosts: outline, version } = await states.outline(groupId);
  const hosts = new Map<string, HostState>();
  return {
    group,
    outline,
    async hosts(addresses) {
      const found = await states.hosts(groupId, addresses);
      for (const host of found) hosts.set(host.address, host);
      return found;
    },
    read: { group, hosts, version },
  };
}
