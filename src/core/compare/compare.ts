import { outageThreshold } from '../judge/outage.ts';
import { deltaKey, type JudgedDelta } from '../model/delta.ts';
import type { HostObservation, NmapRun, RunEnd, RunHeader } from '../model/observation.ts';
import type { Coverage } from '../model/scan.ts';
import { fromAddressRanges, type IpRanges, rangesContain } from '../network/address-ranges.ts';
import { compareAddresses, subnetOf } from '../network/addresses.ts';
import { nmapTargets } from '../network/nmap-targets.ts';
import { compareHost, hostAppeared, hostDown, nameUncovered, outage } from './compare-host.ts';
import type { Untold, UntoldChange } from './compared-delta.ts';
import { hostEvidence } from './evidence.ts';
import { createHostTable, type HostTable } from './host-table.ts';
import { mergedHosts } from './merge-hosts.ts';
import { askedAddresses, sameSources } from './run-coverage.ts';

/** `coverage` when it is known better than from nmap's command line. */
export type ComparedRun = NmapRun & { coverage?: Coverage };
export type Comparison = { deltas: JudgedDelta[]; untold: UntoldChange[] };

/** The older run, read whole; `asked` as `Coverage` has it. */
export type OlderRun = { header: RunHeader; end: RunEnd; hosts: HostTable; asked?: IpRanges };

export type Comparer = {
  /** The next host of the newer run, each address once; returns what is certain about it already. */
  add(host: HostObservation): JudgedDelta[];
  /** The next host of the newer run, which says what it said in the older one. */
  same(host: Pick<HostObservation, 'address' | 'status'>): void;
  /** The newer run has ended; returns what only the whole tells: hosts that are gone. */
  finish(end: RunEnd, asked?: IpRanges): JudgedDelta[];
  /** Addresses of which the newer run has another entry; only the first one was compared. */
  repeated(): ReadonlySet<string>;
  /** What differs and is no delta, so far. */
  untold(): readonly UntoldChange[];
};

/** Two runs as evidence, without a history: what is strongly known on both sides differs, and the hosts that fell silent. */
export function compareRuns(older: ComparedRun, newer: ComparedRun): Comparison {
  const hosts = createHostTable(older.header.ports);
  for (const host of older.hosts) hosts.add(host);
  const comparer = createComparer({ header: older.header, end: older.end, hosts, ...asked(older) }, newer.header);
  const deltas = mergedHosts(newer.hosts).flatMap((host) => comparer.add(host));
  deltas.push(...comparer.finish(newer.end, asked(newer).asked));
  return { deltas: deltas.sort(byAddress), untold: [...comparer.untold()] };
}

function asked({ coverage }: ComparedRun): { asked?: IpRanges } {
  return coverage === undefined ? {} : { asked: fromAddressRanges(coverage.addresses) };
}

/** Takes the newer run host by host. */
export function createComparer(older: OlderRun, newer: RunHeader): Comparer {
  const changes: UntoldChange[] = [];
  const untold: Untold = (change) => changes.push(change);
  const targets = { older: nmapTargets(older.header.args), newer: nmapTargets(newer.args) };
  const sources = sameSources(targets.older, targets.newer) && older.end.complete;
  const askedBefore = older.asked ?? askedAddresses(older.header, older.end, targets.older);
  const options = { identities: older.header.nmapVersion === newer.nmapVersion, untold };
  const still = new Map<string, number>();
  const gone: HostObservation[] = [];
  /** Up now, not in the older run, and only its list of targets could say whether it was asked. */
  const strangers = createHostTable(newer.ports);
  /** Up now, and asked in vain before. */
  const appeared = createHostTable(newer.ports);
  /** Not in the older run; another entry may say more of them. */
  const isNew = new Set<string>();
  const namesNow = new Set<string>();
  const repeated = new Set<string>();

  function unknownBefore(host: HostObservation): JudgedDelta[] {
    isNew.add(host.address);
    if (hostEvidence(host).strength !== 'strong-present') return [];
    if (rangesContain(askedBefore, host.address)) appeared.add(host);
    else if (sources) strangers.add(host);
    else nameUncovered(host, 'after', 'the older scan did not cover it', untold);
    return [];
  }

  function judgeStranger(host: HostObservation, whole: boolean): JudgedDelta[] {
    const moved = host.askedAs?.some((name) => older.hosts.wasAsked(name)) === true;
    if (whole && !moved) return [hostAppeared(host)];
    const why = moved ? 'its name led to another address before' : 'nobody knows whether the older scan covered it';
    nameUncovered(host, 'after', why, untold);
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
      for (const name of host.askedAs ?? []) namesNow.add(name);
      const before = older.hosts.take(host.address);
      if (before === 'seen') {
        if (isNew.has(host.address)) return unknownBefore(host);
        repeated.add(host.address);
        return [];
      }
      if (before === 'none') return unknownBefore(host);
      const deltas = compareHost(before, host, options);
      if (deltas[0]?.kind === 'host-down') {
        gone.push(before);
        return [];
      }
      if (hostEvidence(host).strength === 'strong-present') countAnswer(host.address);
      return deltas;
    },
    finish(end, askedNow = askedAddresses(newer, end, targets.newer)) {
      const whole = sources && end.complete && end.hostsTotal !== undefined && end.hostsTotal === older.end.hostsTotal;
      const deltas = [...appeared.rest()].map(hostAppeared);
      deltas.push(...[...strangers.rest()].flatMap((host) => judgeStranger(host, whole)));
      for (const host of older.hosts.rest()) {
        if (hostEvidence(host).strength !== 'strong-present') continue;
        // A name that leads to another address by now: nobody asked the one of before.
        const moved = host.askedAs?.some((name) => namesNow.has(name)) === true;
        if (rangesContain(askedNow, host.address) || (whole && !moved)) gone.push(host);
        else {
          const why = moved ? 'its name leads to another address now' : 'the newer scan did not cover it';
          nameUncovered(host, 'before', why, untold);
        }
      }
      const once = gone.filter(({ address }) => !repeated.has(address));
      return [...deltas, ...goneHosts(once, still)].sort(byAddress);
    },
    repeated: () => repeated,
    untold: () => changes,
  };
}

/**
 * Hosts that the newer run lists several times, compared with all that its entries say: the deltas that the first entry
 * alone did not show, and what is no delta.
 */
export function compareRepeated(older: ComparedRun, newer: ComparedRun): Comparison {
  const coverage = { addresses: [], ports: {} };
  const firsts = new Map(newer.hosts.toReversed().map((host) => [host.address, host]));
  const first = compareRuns({ ...older, coverage }, { ...newer, hosts: [...firsts.values()], coverage });
  // Whether such a host is gone is left to all of its entries.
  const known = new Set(first.deltas.filter(({ kind }) => kind !== 'host-down').map(deltaKey));
  const all = compareRuns({ ...older, coverage }, { ...newer, coverage });
  return { ...all, deltas: all.deltas.filter((delta) => !known.has(deltaKey(delta))) };
}

/** One `outage` for a subnet of which too many hosts fell silent at once to be a coincidence; else each host. */
function goneHosts(gone: readonly HostObservation[], still: ReadonlyMap<string, number>): JudgedDelta[] {
  const bySubnet = new Map<string, HostObservation[]>();
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
