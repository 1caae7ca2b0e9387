import { hostEvidence, portLookup } from '../compare/evidence.ts';
import type { HostObservation, Protocol } from '../model/observation.ts';
import type { Coverage } from '../model/scan.ts';
import { fromAddressRanges, rangesContain } from '../network/address-ranges.ts';
import { hasPort } from '../network/port-sets.ts';

/** A host, or one port of it. */
export type Where = { address: string; protocol?: Protocol; port?: number };

/** What one scan has to say of it, in words. `observation` is absent where the scan lists nothing of the host. */
export function sightingWords(
  { address, protocol = 'tcp', port }: Where,
  coverage: Coverage,
  observation: HostObservation | undefined,
): string {
  if (observation !== undefined) {
    if (port !== undefined) return portLookup(observation)(protocol, port).words;
    const open = observation.ports.filter(({ state }) => state === 'open').length;
    return `${hostEvidence(observation).words}; ${open === 1 ? '1 port' : `${open} ports`} open`;
  }
  const covered =
    rangesContain(fromAddressRanges(coverage.addresses), address) &&
    (port === undefined || hasPort(coverage.ports, protocol, port));
  return covered ? 'the host did not answer' : 'not covered by this scan';
}
