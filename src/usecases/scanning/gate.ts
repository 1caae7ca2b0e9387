import type { Group } from '../../core/model/group.ts';
import type { ChunkRequest, Scan } from '../../core/model/scan.ts';
import {
  countAddresses,
  fromAddressRanges,
  type IpRanges,
  toAddressRanges,
} from '../../core/network/address-ranges.ts';
import { intersectRanges, mergeRanges } from '../../core/network/range-set.ts';
import { thousands } from '../../core/network/targets.ts';
import { type GateDeps, presentTargets } from './present-targets.ts';

export type Gated = {
  /** By number; a chunk with nothing left has no ranges. */
  chunks: readonly ChunkRequest[];
  /** Addresses that were removed. */
  removed: bigint;
  /** Addresses that will still be scanned. */
  left: bigint;
};

/**
 * The one gate in front of nmap, for scans of every kind: a stored scan, cut down to what its group may scan at this
 * moment. Cuts are recorded before anybody acts on them, and never come back.
 */
export async function gateScan(deps: GateDeps, scan: Scan, group: Group): Promise<Gated> {
  const stored = await deps.store.scans.chunks(scan.id);
  const present = await presentTargets(deps, group);
  const chunks = stored.map((chunk) => within(chunk, present));
  const [before, after] = [asked(stored), asked(chunks)];
  const [left, removed] = [countAddresses(after), countAddresses(before) - countAddresses(after)];
  if (removed > 0n) {
    await deps.store.scans.retarget(scan.id, chunks, Number(left));
    const what = removed === 1n ? '1 address is' : `${thousands(removed)} addresses are`;
    await deps.store.scans.addNote(scan.id, `${what} no longer a target: not asked`);
  }
  return { chunks, removed, left };
}

function within(chunk: ChunkRequest, present: IpRanges): ChunkRequest {
  return { ...chunk, ranges: toAddressRanges(intersectRanges(fromAddressRanges(chunk.ranges), present)) };
}

function asked(chunks: readonly ChunkRequest[]): IpRanges {
  return mergeRanges(chunks.flatMap((chunk) => fromAddressRanges(chunk.ranges)));
}
