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
import type { OutageMemory } from './memory.ts';

/** Fewer hosts than this falling silent together is no outage, whatever their number before. */
const FEWEST = 3;
/** While more neighbours than this answer, the path works: the silent hosts are hosts, counted one by one. */
const NEIGHBOURS = 0.2;
/** Hosts that go down by themselves, as a share of those up, between two scans. */
const USUAL = 0.01;
/** How many standard deviations above the usual number make an outage. */
const DEVIATIONS = 3.5;

/** A host that was believed up and covered by this scan. */
export type Watched = {
  address: string;
  silent: boolean;
  /** Scans that it had missed in a row before. */
  missed: number;
  /** Nothing was heard of its ports lately: missed, timed out, in an outage. */
  unheard: boolean;
  /** Its first answer is from the scan just before: nobody could have missed it there. */
  fresh: boolean;
};

export type OutageFinding = {
  /** Going on after this scan, for the group's memory. */
  outages: OutageMemory[];
  /** Begun in this scan. */
  begun: { address: string; members: string[]; of: number }[];
  /** Ended in this scan: most of the silent hosts answer again. */
  ended: { address: string; back: number; members: number; last: IpRanges }[];
  /** Addresses whose silence counts for nothing in this scan. */
  frozen: ReadonlySet<string>;
};

/** So many of `n` hosts silent at once are not a coincidence, if each is missed with this chance. */
export function outageThreshold(n: number, missRate: number): number {
  const expected = n * (missRate + USUAL);
  const unusual = Math.floor(expected + DEVIATIONS * Math.sqrt(expected)) + 2;
  return Math.max(FEWEST, unusual);
}

export function findOutages(
  known: readonly OutageMemory[],
  watched: readonly Watched[],
  missRate: number,
  tick: number,
  /** By subnet, hosts that answer beside those watched, as they did in all scans before. */
  others: ReadonlyMap<string, number> = new Map(),
): OutageFinding {
  const finding: OutageFinding = { outages: [], begun: [], ended: [], frozen: new Set() };
  const frozen = new Set<string>();
  const answering = neighbours(watched, others);
  for (const outage of known) continueOutage(outage, watched, answering(outage), finding, frozen);
  const proved = fromAddressRanges(finding.outages.flatMap(({ p, m }) => (p === undefined ? [] : m)));
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
  if (fallen.length < of * (1 - NEIGHBOURS)) return;
  const silent = hosts.filter((host) => host.silent).map((host) => host.address);
  for (const one of silent) frozen.add(one);
  const index = finding.outages.findIndex((outage) => outage.a === address);
  const known = finding.outages[index];
  if (known === undefined) {
    finding.begun.push({ address, members: fallen, of });
    finding.outages.push({ a: address, t: tick, n: silent.length, m: toAddressRanges(rangesOf(silent)) });
    return;
  }
  const members = mergeRanges([...fromAddressRanges(known.m), ...rangesOf(silent)]);
  finding.outages[index] = { ...known, n: known.n + silent.length, m: toAddressRanges(members) };
}

/**
 * Goes on until some of its hosts answer, or until their neighbours have answered in a further scan, which proves the path:
 * those that don't are counted from then on.
 */
function continueOutage(
  outage: OutageMemory,
  watched: readonly Watched[],
  neighbours: number,
  finding: OutageFinding,
  frozen: Set<string>,
): void {
  const members = fromAddressRanges(outage.m);
  const heard = watched.filter(({ address }) => rangesContain(members, address));
  const back = heard.filter((host) => !host.silent).map((host) => host.address);
  const left = subtractRanges(members, rangesOf(back));
  const missing = Number(countAddresses(left));
  if (back.length > 0 && back.length >= outage.n * NEIGHBOURS) {
    if (outage.p === undefined) {
      finding.ended.push({ address: outage.a, back: outage.n - missing, members: outage.n, last: members });
    }
    return;
  }
  if (outage.p === undefined && neighbours >= FEWEST) {
    finding.ended.push({ address: outage.a, back: back.length, members: outage.n, last: members });
    finding.outages.push({ ...outage, p: 1, m: toAddressRanges(left) });
    return;
  }
  finding.outages.push(back.length === 0 ? outage : { ...outage, m: toAddressRanges(left) });
  if (outage.p === undefined) for (const { address } of heard) if (rangesContain(left, address)) frozen.add(address);
}

/** Hosts of an outage's subnet that are none of its members, and answer. */
function neighbours(watched: readonly Watched[], others: ReadonlyMap<string, number>) {
  const subnets = bySubnet(watched.filter((host) => !host.silent));
  return ({ a, m }: OutageMemory): number => {
    const members = fromAddressRanges(m);
    const answering = subnets.get(a)?.filter(({ address }) => !rangesContain(members, address)) ?? [];
    return answering.length + (others.get(a) ?? 0);
  };
}

function bySubnet(watched: readonly Watched[]): Map<string, Watched[]> {
  const subnets = new Map<string, Watched[]>();
  for (const host of watched) {
    const subnet = subnetOf(host.address);
    const hosts = subnets.get(subnet);
    if (hosts === undefined) subnets.set(subnet, [host]);
    else hosts.push(host);
  }
  return subnets;
}

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
