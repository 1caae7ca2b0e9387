import { outageThreshold } from '../judge/outage.ts';
import type { JudgedDelta } from '../model/delta.ts';
import type { HostObservation, NmapRun, RunEnd, RunHeader } from '../model/observation.ts';
import type { Coverage } from '../model/scan.ts';
import { compareAddresses, subnetOf } from '../network/addresses.ts';
import { nmapTargets } from '../network/nmap-targets.ts';
import { fromAddressRanges, type RangeSet, rangesContain } from '../network/ranges.ts';
import { compareHost, hostAppeared, hostDown, outage } from './compare-host.ts';
import type { Untold } from './compared-delta.ts';
import { hostEvidence } from './evidence.ts';
import { createHostTable, type HostRecord, type HostTable } from './host-table.ts';
import { askedAddresses, sameLists } from './run-coverage.ts';

/** `coverage` when it is known better than from nmap's command line. */
export type ComparedRun = NmapRun & { coverage?: Coverage };
export type Comparison = { deltas: JudgedDelta[]; untold: Untold };

/** The older run, read whole; `asked` as `Coverage` has it. */
export type OlderRun = { header: RunHeader; end: RunEnd; hosts: HostTable; asked?: RangeSet };

export type Comparer = {
  /** The next host of the newer run; returns what is certain about it already. */
  add(host: HostObservation): JudgedDelta[];
  /** The next host of the newer run, which says what it said in the older one. */
  same(host: Pick<HostObservation, 'address' | 'status'>): void;
  /** The newer run has ended; returns what only the whole tells: hosts that are gone. */
  finish(end: RunEnd, asked?: RangeSet): JudgedDelta[];
  untold(): Untold;
};

/** Two runs as evidence, without a history: what is strongly known on both sides differs, and the hosts that fell silent. */
export function compareRuns(older: ComparedRun, newer: ComparedRun): Comparison {
  const hosts = createHostTable(older.header.ports);
  for (const host of older.hosts) hosts.add(host);
  const comparer = createComparer({ header: older.header, end: older.end, hosts, ...asked(older) }, newer.header);
  const deltas = newer.hosts.flatMap((host) => comparer.add(host));
  deltas.push(...comparer.finish(newer.end, asked(newer).asked));
  return { deltas: deltas.sort(byAddress), untold: comparer.untold() };
}

function asked({ coverage }: ComparedRun): { asked?: RangeSet } {
  return coverage === undefined ? {} : { asked: fromAddressRanges(coverage.addresses) };
}

/** Takes the newer run host by host, so that only the older one is in memory. */
export function createComparer(older: OlderRun, newer: RunHeader): Comparer {
  const untold: Untold = { silent: 0, uncovered: 0, identities: 0, hosts: 0 };
  const targets = { older: nmapTargets(older.header.args), newer: nmapTargets(newer.args) };
  const lists = sameLists(targets.older, targets.newer) && older.end.complete;
  const askedBefore = older.asked ?? askedAddresses(older.header, older.end, targets.older);
  const options = { identities: older.header.nmapVersion === newer.nmapVersion, untold };
  const still = new Map<string, number>();
  const gone: HostRecord[] = [];
  /** Up now, not in the older run, and only its list of targets could say whether it was asked. */
  const strangers = createHostTable(newer.ports);

  function unknownBefore(host: HostObservation): JudgedDelta[] {
    if (hostEvidence(host).strength !== 'strong-present') return [];
    if (rangesContain(askedBefore, host.address)) return [hostAppeared(host)];
    if (lists) strangers.add(host);
    else untold.hosts++;
    return [];
  }

  function countAnswer(address: string): void {
    const subnet = subnetOf(address);
    still.set(subnet, (still.get(subnet) ?? 0) + 1);
  }

  return {
    same({ address, status }) {
      if (status === 'up') countAnswer(address);
    },
    add(host) {
      const before = older.hosts.take(host.address);
      if (before === 'seen') return [];
      if (before === 'none') return unknownBefore(host);
      const deltas = compareHost(before, host, options);
      if (deltas[0]?.kind === 'host-down') {
        gone.push({ address: before.address, hostnames: before.hostnames, evidence: hostEvidence(before) });
        return [];
      }
      if (hostEvidence(host).strength === 'strong-present') countAnswer(host.address);
      return deltas;
    },
    finish(end, askedNow = askedAddresses(newer, end, targets.newer)) {
      const whole = lists && end.complete && end.hostsTotal !== undefined && end.hostsTotal === older.end.hostsTotal;
      const deltas: JudgedDelta[] = [];
      for (const host of strangers.rest()) {
        const known = whole && host.hostnames.length === 0 ? strangers.take(host.address) : 'none';
        if (typeof known === 'string') untold.hosts++;
        else deltas.push(hostAppeared(known));
      }
      for (const host of older.hosts.rest()) {
        if (host.evidence.strength !== 'strong-present') continue;
        // A host name of the list may have another address by now; without names it was given by address.
        if (rangesContain(askedNow, host.address) || (whole && host.hostnames.length === 0)) gone.push(host);
        else untold.hosts++;
      }
      return [...deltas, ...goneHosts(gone, still)].sort(byAddress);
    },
    untold: () => untold,
  };
}

/** One `outage` for a subnet of which too many hosts fell silent at once to be a coincidence; else each host. */
function goneHosts(gone: readonly HostRecord[], still: ReadonlyMap<string, number>): JudgedDelta[] {
  const bySubnet = new Map<string, HostRecord[]>();
  for (const host of gone) {
    const subnet = subnetOf(host.address);
    const hosts = bySubnet.get(subnet);
    if (hosts === undefined) bySubnet.set(subnet, [host]);
    else hosts.push(host);
  }
  return [...bySubnet].flatMap(([subnet, hosts]) => {
    const all = hosts.length + (still.get(subnet) ?? 0);
    if (hosts.length < outageThreshold(all, USUAL_MISSES)) return hosts.map(hostDown);
    return [outage(subnet, hosts.map((host) => host.address).sort(compareAddresses), all)];
  });
}

/** Share of hosts that one scan of an ordinary lossy path misses. */
const USUAL_MISSES = 0.05;

function byAddress(a: JudgedDelta, b: JudgedDelta): number {
  return compareAddresses(a.address, b.address) || (a.port ?? 0) - (b.port ?? 0);
}
