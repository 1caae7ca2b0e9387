import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ScanEvidence, Steady } from '../../core/model/judgement.ts';
import type { RunHeader } from '../../core/model/observation.ts';
import type { Policy } from '../../core/model/policy.ts';
import type { HostOutline } from '../../ports/store.ts';
import type { HostAtSight } from '../../ports/xml-reader.ts';
import { readSteady } from './steady-print.ts';

/** Hosts that are the same in a scan as when they were last judged, and were found steady. */
export type PassedOver = {
  /** What they add to the counts. */
  hosts: Map<string, Steady>;
  /** The prints of all hosts that have one. */
  prints: Map<string, string>;
  isKnown(host: HostAtSight, header: RunHeader): boolean;
  /** Makes all prints by this one, instead of the first one that is met. */
  begin(header: RunHeader): void;
  /** Whether the prints, too, cover what the scan probed. */
  speaksOf(evidence: Pick<ScanEvidence, 'nmapVersion' | 'scanTypes' | 'coverage'>): boolean;
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

  /**
   * The same text means the same only if the same nmap probed the same, for the same policy; a scan is judged by what
   * its first chunk probed.
   */
  function isOfScan(header: RunHeader): boolean {
    if (first === undefined) begin(header);
    const same = alike.get(header) ?? isDeepStrictEqual(first, askedBy(header));
    alike.set(header, same);
    return same;
  }

  function begin(header: RunHeader): void {
    const asked = askedBy(header);
    first = asked;
    scope = createHash('sha256').update(JSON.stringify({ asked, policy })).digest().toString('latin1', 0, SCOPE);
  }

  return {
    hosts,
    prints,
    begin,
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

const askedBy = ({ nmapVersion, scanTypes, ports }: RunHeader): Asked => ({ nmapVersion, scanTypes, ports });

/** The first hosts are read in any case, because the scan's message lists them. */
const LISTED = 100;
/** Bytes of a hash. */
const SCOPE = 8;
