import { gunzipSync } from 'node:zlib';
import type { Belief } from '../../../src/core/model/judgement.ts';
import type { HostState } from '../../../src/core/model/state.ts';
import type { PackedList } from '../../../src/ports/store.ts';
import type { JudgedChunks, KnownGroup } from '../../../src/usecases/judging/chunks-to-judge.ts';
import { hostSlices } from '../../../src/usecases/judging/packed-slices.ts';

/** A belief in memory, as a store returns it; `steady` as it was stored with the hosts. */
export function knownOf({ group, hosts }: Belief, steady: ReadonlyMap<string, string> = new Map()): KnownGroup {
  const outline = new Map(
    Array.from(hosts, ([address, { code }]) => [
      address,
      { steady: steady.get(address) ?? '', unchanged: code === 'unchanged' },
    ]),
  );
  return { group, outline, hosts: async (addresses) => addresses.flatMap((address) => hosts.get(address) ?? []) };
}

/** A store in memory: the belief after a scan, and its records of steady hosts. */
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

const listOf = ({ json }: PackedList) => JSON.parse(gunzipSync(json).toString('utf8'));

/** With everything that was packed, in its place. */
export async function unpacked(judged: JudgedChunks): Promise<JudgedChunks> {
  const { packed = [], packedSeen, ...rest } = judged;
  const hosts: HostState[] = [];
  const steady = new Map(judged.steady);
  for await (const slice of hostSlices(packed)) {
    hosts.push(...slice.hosts);
    for (const [address, text] of slice.steady) steady.set(address, text);
  }
  const firstDetermined = packed.flatMap(({ first }) => listOf(first));
  const { judgement } = judged;
  return {
    ...rest,
    steady,
    seen: packedSeen === undefined ? judged.seen : { ...judged.seen, hosts: listOf(packedSeen) },
    judgement: {
      ...judgement,
      hosts: [...hosts, ...judgement.hosts],
      firstDetermined: [...firstDetermined, ...judgement.firstDetermined],
    },
  };
}
