import { saysWhatItIs } from '../../core/judge/identity-change.ts';
import { checkedPorts } from '../../core/model/identity-reads.ts';
import type { ChunkRequest, IdentifiedHost, Scan } from '../../core/model/scan.ts';
import { fromAddressRanges, rangesContain } from '../../core/network/address-ranges.ts';
import { portsOf } from '../../core/network/port-sets.ts';
import { formatRanges, intersectRanges, type RangeSet, subtractRanges } from '../../core/network/range-set.ts';
import { thousands } from '../../core/network/targets.ts';
import { counted } from '../../core/text.ts';
import { describeDuration } from '../../core/time/duration.ts';
import type { JudgementCommit, StagedChunk, Store } from '../../ports/store.ts';

type Identified = JudgementCommit['identified'];
type Reported = { hosts: readonly IdentifiedHost[] };

/** Reads that workers reported; undefined where none was asked for. A worker speaks only of what its chunk covers. */
export function reportedIn(
  chunks: readonly ChunkRequest[],
  staged: readonly (StagedChunk & { chunk: number })[],
): Reported | undefined {
  const reported = staged.filter(({ outcome, identified }) => outcome !== 'failed' && identified !== undefined);
  if (reported.length === 0) return undefined;
  const hosts = reported.flatMap(({ chunk, identified = [] }): IdentifiedHost[] => {
    const ranges = fromAddressRanges(chunks[chunk]?.ranges ?? []);
    return identified.filter(({ address, tcp }) => rangesContain(ranges, address) && checkedPorts(tcp) !== undefined);
  });
  return { hosts: [...new Map(hosts.map((host) => [host.address, host])).values()] };
}

/** Hosts whose belief is read at once, so that a large group does not keep the event loop busy for long. */
const HOSTS_A_PAGE = 200;

/**
 * Which of these reads count. One that did not find out what a service is, although that is known, has not shown that
 * it is still the same: it stays due.
 */
export async function identifiedBy(
  states: Pick<Store['states'], 'hosts'>,
  { groupId, queuedAt, site }: Pick<Scan, 'groupId' | 'queuedAt' | 'site'>,
  reported: Reported | undefined,
): Promise<Identified> {
  if (reported === undefined) return undefined;
  const unclear = reported.hosts.flatMap(({ address, unclear }) => (unclear === undefined ? [] : [address]));
  const clear = new Map<string, RangeSet<number>>();
  for (let start = 0; start < unclear.length; start += HOSTS_A_PAGE) {
    for (const { address, services } of await states.hosts(groupId, unclear.slice(start, start + HOSTS_A_PAGE))) {
      clear.set(address, portsOf(services.filter(({ identity }) => saysWhatItIs(identity))).tcp ?? []);
    }
  }
  const hosts = reported.hosts.flatMap(({ address, tcp, unclear = '' }) => {
    const stillDue = intersectRanges(clear.get(address) ?? [], checkedPorts(unclear) ?? []);
    const read = subtractRanges(checkedPorts(tcp) ?? [], stillDue);
    return read.length === 0 ? [] : [{ address, tcp: formatRanges(read) }];
  });
  return { askedAt: queuedAt, site, hosts };
}

/** How much of what is open was identified by this scan, unless it was all. */
export function identifiedNotes({ settings }: Scan, identified: Identified, openPorts: number): string[] {
  const { versionEveryMs = 0 } = settings;
  if (identified === undefined || versionEveryMs === 0) return [];
  const read = identified.hosts.reduce((sum, { tcp }) => sum + sizeOf(tcp), 0);
  if (read >= openPorts) return [];
  const some = read === 0 ? 'none' : thousands(read);
  const others = `${read === 0 ? 'they are' : 'the others are'} read again when they are due`;
  return [
    `versions were read of ${some} of ${counted(openPorts, 'open port')}; ${others} (every ${describeDuration(versionEveryMs)})`,
  ];
}

const sizeOf = (tcp: string): number =>
  (checkedPorts(tcp) ?? []).reduce((sum, [first, last]) => sum + last - first + 1, 0);
