import { grouped } from '../grouped.ts';
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

/** `coverage` is given when it is known better than from nmap's command line. */
export type ComparedRun = NmapRun & { coverage?: Coverage };
export type Comparison = { deltas: JudgedDelta[]; untold: UntoldChange[] };

/** The older run, read completely; `asked` as in `Coverage`. */
export type OlderRun = { header: RunHeader; end: RunEnd; hosts: HostTable; asked?: IpRanges };

export type Comparer = {
  /** Takes the next host of the newer run, each address once; returns what is already certain about it. */
  add(host: HostObservation): JudgedDelta[];
  /** Takes the next host of the newer run when it reports the same as in the older one. */
  same(host: Pick<HostObservation, 'address' | 'status'>): void;
  /** Ends the newer run; returns what only the whole run can show: hosts that are gone. */
  finish(end: RunEnd, asked?: IpRanges): JudgedDelta[];
  /** Addresses that have another entry in the newer run; only the first one was compared. */
  repeated(): ReadonlySet<string>;
  /** Differences so far that are not deltas. */
  untold(): readonly UntoldChange[];
};

/**
 * Compares two runs as evidence, without a history: differences between strong evidence on both sides, and hosts that
 * fell silent.
 */
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
  /** Hosts that are up now and not in the older run; only its list of targets could show whether they were scanned. */
  const strangers = createHostTable(newer.ports);
  /** Hosts that are up now and did not answer the older run. */
  const appeared = createHostTable(newer.ports);
  /** Hosts that are not in the older run; another entry may add to them. */
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
        // A name that resolves to another address now: the old address was not scanned.
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
 * Compares hosts that the newer run lists several times, with all of their entries: the deltas that the first entry
 * alone did not show, and the differences that are not deltas.
 */
export function compareRepeated(older: ComparedRun, newer: ComparedRun): Comparison {
  const coverage = { addresses: [], ports: {} };
  const firsts = new Map(newer.hosts.toReversed().map((host) => [host.address, host]));
  const first = compareRuns({ ...older, coverage }, { ...newer, hosts: [...firsts.values()], coverage });
  // All entries of such a host together decide whether it is gone.
  const known = new Set(first.deltas.filter(({ kind }) => kind !== 'host-down').map(deltaKey));
  const all = compareRuns({ ...older, coverage }, { ...newer, coverage });
  return { ...all, deltas: all.deltas.filter((delta) => !known.has(deltaKey(delta))) };
}

/**
 * One `outage` for a subnet in which more hosts fell silent at once than chance explains; otherwise one delta per host.
 */
function goneHosts(gone: readonly HostObservation[], still: ReadonlyMap<string, number>): JudgedDelta[] {
  return [...grouped(gone, ({ address }) => subnetOf(address))].flatMap(([subnet, hosts]) => {
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
