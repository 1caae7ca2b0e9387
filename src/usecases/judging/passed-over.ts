import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ScanEvidence, Steady } from '../../core/model/judgement.ts';
import type { RunHeader } from '../../core/model/observation.ts';
import type { Policy } from '../../core/model/policy.ts';
import type { HostOutline } from '../../ports/store.ts';
import type { HostAtSight } from '../../ports/xml-reader.ts';
import { readSteady } from './steady-print.ts';

/** Hosts that a scan shows as they were shown when they were last judged, and were found steady. */
export type PassedOver = {
  /** What they count for. */
  hosts: Map<string, Steady>;
  /** The prints of all hosts that have one. */
  prints: Map<string, string>;
  isKnown(host: HostAtSight, header: RunHeader): boolean;
  /** Whether the prints say so, too: of what the scan asked. */
  speaksOf(evidence: ScanEvidence): boolean;
};

type Asked = Pick<RunHeader, 'nmapVersion' | 'scanTypes' | 'ports'>;

export function createPassedOver(
  outline: ReadonlyMap<string, HostOutline>,
  mayPass: (address: string) => boolean,
  { policy, at }: { policy: Policy; at: number },
  listed = LISTED,
): PassedOver {
  const hosts = new Map<string, Steady>();
  const prints = new Map<string, string>();
  const alike = new Map<RunHeader, boolean>();
  let first: Asked | undefined;
  let scope = '';

  /** The same text says the same only where the same nmap asked the same, for the same policy; a scan is judged by what its first chunk asked. */
  function isOfScan(header: RunHeader): boolean {
    const { nmapVersion, scanTypes, ports } = header;
    const asked = { nmapVersion, scanTypes, ports };
    if (first === undefined) {
      first = asked;
      scope = createHash('sha256').update(JSON.stringify({ asked, policy })).digest().toString('latin1', 0, SCOPE);
    }
    const same = alike.get(header) ?? isDeepStrictEqual(first, asked);
    alike.set(header, same);
    return same;
  }

  return {
    hosts,
    prints,
    isKnown({ address, print }, header) {
      if (!isOfScan(header)) return false;
      const found = `${scope}${print()}`;
      prints.set(address, found);
      if (prints.size <= listed) return false;
      const known = outline.get(address)?.steady ?? '';
      const steady = known === '' || !mayPass(address) ? undefined : readSteady(known, found);
      if (steady === undefined || at >= steady.until) return false;
      hosts.set(address, steady);
      return true;
    },
    speaksOf: ({ nmapVersion, scanTypes, coverage: { ports } }) =>
      first === undefined || isDeepStrictEqual(first, { nmapVersion, scanTypes, ports }),
  };
}

/** The first hosts are read all the same: the scan's message lists them. */
const LISTED = 100;
/** Bytes of a hash. */
const SCOPE = 8;
