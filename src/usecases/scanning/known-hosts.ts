import { knownIdentities } from '../../core/judge/known-identities.ts';
import type { Group } from '../../core/model/group.ts';
import type { IdentityRead } from '../../core/model/identity-reads.ts';
import type { ChunkRequest, KnownHost, Scan } from '../../core/model/scan.ts';
import { fromAddressRanges } from '../../core/network/address-ranges.ts';
import { parseAddress, placeOf } from '../../core/network/addresses.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';

type Deps = { store: Store; clock: Clock };

/** Hosts whose belief is read at once, so that a large group does not keep the event loop busy for long. */
const HOSTS_A_PAGE = 200;

/**
 * The chunks of a scan with what need not be identified again. By the belief at this moment: while the scan waited,
 * another one may have found that a service had changed.
 */
export async function withKnown(
  deps: Deps,
  scan: Scan,
  group: Group,
  chunks: readonly ChunkRequest[],
): Promise<readonly ChunkRequest[]> {
  const everyMs = scan.settings.versionEveryMs;
  if (scan.kind !== 'scan' || everyMs === undefined) return chunks;
  const known = everyMs === 0 ? [] : await knownHosts(deps, scan, group, everyMs);
  const byChunk = inChunks(chunks, known);
  return chunks.map((chunk, index) => ({ ...chunk, known: byChunk[index] ?? [] }));
}

async function knownHosts({ store, clock }: Deps, scan: Scan, group: Group, everyMs: number): Promise<KnownHost[]> {
  const waiting = await store.holds.expectations({ groupId: group.id, status: 'waiting' });
  const expected = waiting.map(({ what }) => what);
  const { queuedAt: askedAt, site } = scan;
  const when = { askedAt, now: clock.now(), site, everyMs, policy: group.policy, expected };
  const reads = await store.states.identityReads(group.id);
  const isRecent = (read: IdentityRead): boolean => scan.queuedAt - read.askedAt < everyMs;
  const addresses = [...reads].flatMap(([address, all]) => (all.some(isRecent) ? [address] : []));
  const known: KnownHost[] = [];
  for (let start = 0; start < addresses.length; start += HOSTS_A_PAGE) {
    for (const host of await store.states.hosts(group.id, addresses.slice(start, start + HOSTS_A_PAGE))) {
      const found = knownIdentities(host, reads.get(host.address) ?? [], when);
      if (found !== undefined) known.push(found);
    }
  }
  return known;
}

/** The hosts of each chunk, in one pass: a large scan has as many as a thousand chunks. */
function inChunks(chunks: readonly ChunkRequest[], hosts: readonly KnownHost[]): KnownHost[][] {
  const ranges = chunks
    .flatMap((chunk, index) => fromAddressRanges(chunk.ranges).map(([first, last]) => ({ first, last, index })))
    .sort((a, b) => byPlace(a.first, b.first));
  const placed = hosts
    .flatMap((host) => {
      const address = parseAddress(host.address);
      return address === undefined ? [] : [{ host, place: placeOf(address) }];
    })
    .sort((a, b) => byPlace(a.place, b.place));
  const found: KnownHost[][] = chunks.map(() => []);
  let next = 0;
  for (const { first, last, index } of ranges) {
    for (let one = placed[next]; one !== undefined && one.place <= last; one = placed[++next]) {
      if (one.place >= first) found[index]?.push(one.host);
    }
  }
  return found;
}

const byPlace = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
