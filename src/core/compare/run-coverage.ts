import type { HostObservation, RunEnd, RunHeader } from '../model/observation.ts';
import type { Coverage } from '../model/scan.ts';
import { countAddresses, type IpRanges, rangesOf, toAddressRanges } from '../network/address-ranges.ts';
import { type NmapTargets, nmapTargets } from '../network/nmap-targets.ts';
import { uniteRanges } from '../network/range-set.ts';

/**
 * The addresses that a run scanned, whether listed or not: an address that is not listed did not answer. Read from the
 * command line, so only for runs that ended well and list every host that answers; empty when it can't be determined.
 */
export function askedAddresses(header: RunHeader, end: RunEnd, targets = nmapTargets(header.args)): IpRanges {
  if (!end.complete || targets.partial) return [];
  // Fewer hosts than its targets hold: it did not scan what its command line says.
  if (end.hostsTotal !== undefined && BigInt(end.hostsTotal) < countAddresses(targets.known)) return [];
  return targets.known;
}

/**
 * What a recorded run covered: the addresses it scanned, as far as they can be determined, those it lists, and its
 * ports.
 */
export function runCoverage(
  header: RunHeader,
  end: RunEnd,
  hosts: Iterable<Pick<HostObservation, 'address'>>,
): Coverage {
  const listed = rangesOf(Array.from(hosts, ({ address }) => address));
  const addresses = uniteRanges(askedAddresses(header, end), listed);
  return { addresses: toAddressRanges(addresses), ports: header.ports };
}

/** True when both runs took their targets from the same lists and names. */
export function sameSources(a: NmapTargets, b: NmapTargets): boolean {
  const { lists, names } = a.elsewhere;
  if (lists.length + names.length === 0 || !lists.every((list) => list.startsWith('-iL '))) return false;
  return lists.join() === b.elsewhere.lists.join() && names.join() === b.elsewhere.names.join();
}
