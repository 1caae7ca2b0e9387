import { grouped } from '../grouped.ts';
import {
  countAddresses,
  fromAddressRanges,
  type IpRanges,
  rangesContain,
  rangesOf,
  toAddressRanges,
} from '../network/address-ranges.ts';
import { addressBits, formatAddress, parseAddress, subnetOf } from '../network/addresses.ts';
import { mergeRanges, subtractRanges } from '../network/range-set.ts';
import { NEARLY_ALL, SEVERAL } from './filter.ts';
import type { OutageMemory } from './memory.ts';

/** Share of the hosts up that usually go down by themselves between two scans. */
const USUAL = 0.01;
/** How many standard deviations above the usual number make an outage. */
const DEVIATIONS = 3.5;

/** A host that was believed up and covered by this scan. */
export type Watched = {
  address: string;
  silent: boolean;
  /** Scans in a row that it had already missed. */
  missed: number;
  /** Its ports gave no evidence lately: missed, timed out, in an outage. */
  unheard: boolean;
  /** Its first answer is from the scan just before, so it could not have missed that one. */
  fresh: boolean;
};

export type OutageFinding = {
  /** Outages that continue after this scan, for the group's memory. */
  outages: OutageMemory[];
  /** Begun in this scan. */
  begun: { address: string; members: string[]; of: number }[];
  /** Ended in this scan: most of the silent hosts answer again. */
  ended: { address: string; back: number; members: number; last: IpRanges }[];
  /** Addresses whose silence is ignored in this scan. */
  frozen: ReadonlySet<string>;
};

/** How many of `n` hosts must be silent at once to rule out coincidence, if each is missed with this chance. */
export function outageThreshold(n: number, missRate: number): number {
  const expected = n * (missRate + USUAL);
  const unusual = Math.floor(expected + DEVIATIONS * Math.sqrt(expected)) + 2;
  return Math.max(SEVERAL, unusual);
}

export function findOutages(
  known: readonly OutageMemory[],
  watched: readonly Watched[],
  missRate: number,
  tick: number,
  /** By subnet: hosts that answer in addition to those watched, as they did in all scans before. */
  others: ReadonlyMap<string, number> = new Map(),
): OutageFinding {
  const finding: OutageFinding = { outages: [], begun: [], ended: [], frozen: new Set() };
  const frozen = new Set<string>();
  const answering = neighbours(watched, others);
  for (const outage of known) continueOutage(outage, watched, answering(outage), finding, frozen);
  const proved = fromAddressRanges(
    finding.outages.flatMap(({ pathWorks, members }) => (pathWorks === undefined ? [] : members)),
  );
  const rest = watched.filter(({ address }) => !frozen.has(address) && !rangesContain(proved, address));
  const scan = { missRate, tick, finding, frozen };
  for (const [address, hosts] of bySubnet(rest)) begin(address, hosts, others.get(address) ?? 0, scan);
  const scattered = rest.filter(({ address }) => !frozen.has(address));
  const fallen = scattered.filter((host) => host.silent && isSteady(host));
  const all = [...others.values()].reduce((sum, hosts) => sum + hosts, 0);
  if (fallen.length * 3 >= scattered.length + all) {
    begin(supernet(fallen.map(({ address }) => address)), scattered, all, scan);
  }
  return { ...finding, frozen };
}

const isSteady = ({ missed, unheard }: Watched): boolean => missed === 0 && !unheard;

function begin(
  address: string,
  hosts: readonly Watched[],
  others: number,
  { missRate, tick, finding, frozen }: { missRate: number; tick: number; finding: OutageFinding; frozen: Set<string> },
): void {
  const steady = hosts.filter(isSteady);
  const of = steady.length + others;
  const fallen = steady.filter((host) => host.silent).map((host) => host.address);
  if (fallen.length < outageThreshold(of, missRate)) return;
  // While others answer, the path works, and silent hosts are judged one by one.
  if (fallen.length < of * NEARLY_ALL) return;
  const silent = hosts.filter((host) => host.silent).map((host) => host.address);
  for (const one of silent) frozen.add(one);
  const index = finding.outages.findIndex((outage) => outage.area === address);
  const known = finding.outages[index];
  if (known === undefined) {
    finding.begun.push({ address, members: fallen, of });
    finding.outages.push({
      area: address,
      since: tick,
      count: silent.length,
      members: toAddressRanges(rangesOf(silent)),
    });
    return;
  }
  const members = mergeRanges([...fromAddressRanges(known.members), ...rangesOf(silent)]);
  finding.outages[index] = { ...known, count: known.count + silent.length, members: toAddressRanges(members) };
}

/**
 * An outage lasts until some of its hosts answer, or until their neighbours have answered in another scan, which proves
 * the path. Hosts that are still silent are judged individually from then on.
 */
function continueOutage(
  outage: OutageMemory,
  watched: readonly Watched[],
  neighbours: number,
  finding: OutageFinding,
  frozen: Set<string>,
): void {
  const members = fromAddressRanges(outage.members);
  const heard = watched.filter(({ address }) => rangesContain(members, address));
  const back = heard.filter((host) => !host.silent).map((host) => host.address);
  const left = subtractRanges(members, rangesOf(back));
  const missing = Number(countAddresses(left));
  if (back.length > 0 && back.length >= outage.count * (1 - NEARLY_ALL)) {
    if (outage.pathWorks === undefined) {
      finding.ended.push({ address: outage.area, back: outage.count - missing, members: outage.count, last: members });
    }
    return;
  }
  if (outage.pathWorks === undefined && neighbours >= SEVERAL) {
    finding.ended.push({ address: outage.area, back: back.length, members: outage.count, last: members });
    finding.outages.push({ ...outage, pathWorks: 1, members: toAddressRanges(left) });
    return;
  }
  finding.outages.push(back.length === 0 ? outage : { ...outage, members: toAddressRanges(left) });
  if (outage.pathWorks === undefined)
    for (const { address } of heard) if (rangesContain(left, address)) frozen.add(address);
}

/** Hosts of an outage's subnet that are not among its members, and answer. */
function neighbours(watched: readonly Watched[], others: ReadonlyMap<string, number>) {
  const subnets = bySubnet(watched.filter((host) => !host.silent));
  return ({ area, members: m }: OutageMemory): number => {
    const members = fromAddressRanges(m);
    const answering = subnets.get(area)?.filter(({ address }) => !rangesContain(members, address)) ?? [];
    return answering.length + (others.get(area) ?? 0);
  };
}

const bySubnet = (watched: readonly Watched[]) => grouped(watched, ({ address }) => subnetOf(address));

/** The smallest network around addresses of several subnets. */
function supernet(addresses: readonly string[]): string {
  const [first, ...others] = addresses.flatMap((text) => parseAddress(text) ?? []);
  if (first === undefined) return 'the group';
  const bits = addressBits(first.family);
  let prefix = bits;
  for (const { family, value } of others) {
    if (family !== first.family) return 'the group';
    while (prefix > 0 && value >> BigInt(bits - prefix) !== first.value >> BigInt(bits - prefix)) prefix--;
  }
  const host = BigInt(bits - prefix);
  return `${formatAddress({ family: first.family, value: (first.value >> host) << host })}/${prefix}`;
}
