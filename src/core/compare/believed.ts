import type { ScanEvidence } from '../model/judgement.ts';
import type { HostObservation } from '../model/observation.ts';
import type { Believed } from '../model/scan.ts';
import type { HostState, ServiceState } from '../model/state.ts';
import { fromAddressRanges, rangesContain } from '../network/address-ranges.ts';
import { hasPort } from '../network/port-sets.ts';
import { mergeRanges } from '../network/range-set.ts';
import { portLookup } from './evidence.ts';
import { hasAnswered } from './seen.ts';

/** How much of what was believed before a scan the scan covered, and how much of that was silent. */
export function believedIn(hosts: Iterable<HostState>, evidence: readonly ScanEvidence[]): Believed {
  const seen = new Map<string, HostObservation>();
  for (const piece of evidence) for (const host of piece.hosts) if (hasAnswered(host)) seen.set(host.address, host);
  const covered = mergeRanges(evidence.flatMap(({ coverage }) => fromAddressRanges(coverage.addresses)));
  const ports = evidence[0]?.coverage.ports ?? {};
  const counts = { hosts: 0, silentHosts: 0, uncoveredHosts: 0, services: 0, silentServices: 0 };
  for (const { steady } of evidence) {
    counts.hosts += steady?.hosts ?? 0;
    counts.services += steady?.open ?? 0;
  }
  for (const host of hosts) {
    if (!host.present) continue;
    if (!rangesContain(covered, host.address)) {
      counts.uncoveredHosts += 1;
      continue;
    }
    const observed = seen.get(host.address);
    const known = host.services.filter(({ present, protocol, port }) => present && hasPort(ports, protocol, port));
    counts.hosts += 1;
    counts.silentHosts += observed === undefined ? 1 : 0;
    counts.services += known.length;
    counts.silentServices += silent(known, observed);
  }
  return counts;
}

function silent(services: readonly ServiceState[], observed: HostObservation | undefined): number {
  if (observed === undefined) return services.length;
  const lookUp = portLookup(observed);
  return services.filter(({ protocol, port }) => {
    const { strength } = lookUp(protocol, port);
    return strength === 'weak-absent' || strength === 'none';
  }).length;
}
