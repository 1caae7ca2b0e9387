import type { AddressRange, ServiceIdentity } from '../model/observation.ts';
import type { HostCode, Memory } from '../model/state.ts';
import type { PackedPorts } from '../network/port-sets.ts';
import type { RangeSet } from '../network/range-set.ts';
import type { Shyness, Silence } from './filter.ts';
import type { Counts, Tally } from './rates.ts';

/**
 * What the judge remembers, as JSON. Keys are one or two letters, since there is one such record per service. A `tick`
 * counts the group's judged scans from 1: scan numbers may have gaps, ticks have none.
 */

/** A silence of a service or host that still goes on. */
export type MissRun = Silence & {
  /** A candidate was told: whoever reads deltas must hear how it ends. */
  c?: 1;
  /** All neighbours dropped the same port together, in a scan that lost next to nothing. */
  a?: 1;
  /** Its first look was refused by an answer: nothing was lost. */
  d?: 1;
};

/** Why and since when a service or host is called unstable. */
export type Flips = {
  /** Ticks of its told changes, newest last. */
  f?: readonly number[];
  /** Told to be unstable: further changes are held back. */
  u?: 1;
};

export type ServiceMemory = Flips & {
  /** Tick since which it is believed present. */
  t?: number;
  /** Misses that were refuted later. */
  n?: number;
  /** Scans that covered it in earlier intervals. */
  h?: number;
  r?: MissRun;
  s?: Shyness;
  /** Index in the group's list of nmap versions: with which its identity was read. */
  v?: number;
  /** Another identity, read `n` times in a row, and the chance `l` of reading it so if nothing changed. */
  p?: { i: ServiceIdentity; n: number; l: number; c?: 1 };
  /** So many days before its certificate expires that was told last. */
  w?: number;
  /** Other reads that a user has called the same. */
  o?: readonly ServiceIdentity[];
};

export type HostMemory = Flips & {
  /** Tick of the first answer. */
  t?: number;
  /** Ports whose last answer was a denial: strongly absent. */
  d?: PackedPorts;
  /** Of the ports that have answered, those silent in the last scan that reached the host. */
  q?: PackedPorts;
  /** Misses that were refuted later, and those of the run. */
  n?: number;
  r?: MissRun;
  s?: Shyness;
  /** It answers, and none of its ports does, since tick `s`; `t`: told so, with others of the network `w`. */
  e?: MissRun & { s: number; t?: 1; w?: string };
  /** Tick since which nothing was heard of its ports: missed, timed out, frozen, down. */
  x?: number;
  /** How many covering scans that were, before it was heard again. They teach nothing. */
  z?: number;
  /** Last determined code while the code is undetermined. */
  b?: HostCode;
  /** How it has answered: see `ReachMode`. */
  w?: readonly ReachMode[];
  a?: FloodMemory;
  /** What nmap guesses of its system, how surely; `p`: another guess, read once. */
  o?: { n: string; a: number; p?: string };
  /** What scripts said last, and what else they said once. */
  i?: Readonly<Record<string, readonly [output: string, other?: string]>>;
};

/** Answers on all ports: since this tick; `c`: control ports not heard of yet, `g`: proved genuine by them. */
export type FloodMemory = { t: number; c?: readonly number[]; g?: 1 };

/** How hosts are found decides who is: raw probes (ICMP, ARP, SYN), connect() only, or assumed up (`-Pn`). */
export type ReachMode = 'raw' | 'connect' | 'assumed';

export type OutageMemory = {
  /** Subnet, or the network around several. */
  a: string;
  /** Since this tick. */
  t: number;
  /** How many fell silent. */
  n: number;
  /** Who of them has not answered since. */
  m: readonly AddressRange[];
  /** The path works, as a confirmation has proved: those still silent are counted like any host. */
  p?: 1;
};

/** Scans of one coverage and mode. */
export type CoverageMemory = {
  w: ReachMode;
  a: readonly AddressRange[];
  p: PackedPorts;
  /** Runs of ticks, inclusive, oldest first. */
  r: RangeSet<number>;
};

export type GroupMemory = {
  v: 1;
  /** Of the last judged scan: tick, number, time. */
  tick: number;
  number: number;
  at: number;
  /** Tick of that scan itself: what came after it were passes over its baseline. */
  scan?: number;
  coverage: readonly CoverageMemory[];
  /** nmap versions seen; services point into it. */
  nmap: readonly string[];
  hosts: Tally;
  services: Tally;
  /** As `services`, of UDP. */
  udp?: Tally;
  /** How often things happen here. */
  rates?: Counts;
  identities: Tally;
  outages: readonly OutageMemory[];
  /** Strangers that answer on all ports, told once: no hosts. */
  floods: readonly AddressRange[];
};

const EMPTY_GROUP: GroupMemory = {
  v: 1,
  tick: 0,
  number: 0,
  at: 0,
  coverage: [],
  nmap: [],
  hosts: { n: 0, m: 0 },
  services: { n: 0, m: 0 },
  identities: { n: 0, m: 0 },
  outages: [],
  floods: [],
};

/** The judge alone writes these records, so they are read as it wrote them; another version of them starts anew. */
export function groupMemory(memory: Memory): GroupMemory {
  return memory['v'] === 1 ? (memory as GroupMemory) : EMPTY_GROUP;
}

export const hostMemory = (memory: Memory): HostMemory => memory as HostMemory;
export const serviceMemory = (memory: Memory): ServiceMemory => memory as ServiceMemory;

/** Leaves out what is undefined or zero, so that a record is as small as what there is to remember. */
export function compact(memory: Memory): Memory {
  return Object.fromEntries(Object.entries(memory).filter(([, value]) => value !== undefined && value !== 0));
}
