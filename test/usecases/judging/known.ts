import type { Belief } from '../../../src/core/model/judgement.ts';
import type { JudgedChunks, KnownGroup } from '../../../src/usecases/judging/judge-chunks.ts';

/** A belief in memory, as a store hands it out; `steady` as it was kept with the hosts. */
export function knownOf({ group, hosts }: Belief, steady: ReadonlyMap<string, string> = new Map()): KnownGroup {
  const outline = new Map(
    Array.from(hosts, ([address, { code }]) => [
      address,
      { steady: steady.get(address) ?? '', unchanged: code === 'unchanged' },
    ]),
  );
  return { group, outline, hosts: async (addresses) => addresses.flatMap((address) => hosts.get(address) ?? []) };
}

/** A store in memory: the belief after a scan, and what it keeps of steady hosts. */
export function stored(
  before: Belief,
  kept: ReadonlyMap<string, string>,
  { judgement, steady, settled }: JudgedChunks,
): { belief: Belief; steady: Map<string, string> } {
  const hosts = new Map(before.hosts);
  const next = new Map(kept);
  for (const host of judgement.hosts) {
    hosts.set(host.address, host);
    next.delete(host.address);
  }
  for (const [address, text] of steady) next.set(address, text);
  for (const address of settled) {
    const host = hosts.get(address);
    if (host !== undefined) hosts.set(address, { ...host, code: 'unchanged' });
  }
  return { belief: { group: judgement.group, hosts }, steady: next };
}
