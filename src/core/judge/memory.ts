import type { AddressRange, ServiceIdentity } from '../model/observation.ts';
import type { HostCode, Memory } from '../model/state.ts';
import type { PackedPorts } from '../network/port-sets.ts';
import type { RangeSet } from '../network/range-set.ts';
import type { Shyness, Silence } from './filter.ts';
import type { Counts, Tally } from './rates.ts';

/**
 * The judge's memory, as JSON. The store packs its names, because there is one such record per service. A `tick`
 * counts the group's judged scans from 1: scan numbers may have gaps, ticks have none.
 */

/** An ongoing silence of a service or host. */
export type MissRun = Silence & {
  /** A candidate was recorded, so its end must be recorded too. */
  candidate?: 1;
  /** All neighbours dropped the same port together, in a scan that lost next to nothing. */
  allAlike?: 1;
  /** Its first miss was a refusal: no probe was lost. */
  denied?: 1;
};

/** Why and since when a service or host is called unstable. */
export type Flips = {
  /** Ticks of its reported changes, newest last. */
  flips?: readonly number[];
  /** Reported as unstable: further changes are held back. */
  unstable?: 1;
};

export type ServiceMemory = Flips & {
  /** Tick since which it is believed present. */
  since?: number;
  /** Misses that were refuted later. */
  refuted?: number;
  /** Scans that covered it in earlier intervals. */
  earlierScans?: number;
  run?: MissRun;
  shyness?: Shyness;
  /** Index in the group's list of nmap versions: the one that read its identity. */
  nmap?: number;
  /** Another identity, read so many times in a row, and the chance of reading it if nothing changed. */
  pending?: { identity: ServiceIdentity; reads: number; chance: number; candidate?: 1 };
  /** The days before expiry at which its certificate was last reported. */
  warnedDays?: number;
  /** Other reads that a user has marked as the same service. */
  alike?: readonly ServiceIdentity[];
};

export type HostMemory = Flips & {
  /** Tick of the first answer. */
  since?: number;
  /** Ports whose last answer was a denial: strongly absent. */
  denied?: PackedPorts;
  /** The ports that have answered before and were silent in the last scan that reached the host. */
  quiet?: PackedPorts;
  /** Open ports that are ignored as tcpwrapped, until a scan reads that they are something else. */
  wrapped?: PackedPorts;
  /** Misses that were refuted later, and those of the current run. */
  refuted?: number;
  run?: MissRun;
  shyness?: Shyness;
  /** It answers but none of its ports does, since that tick. `network`: reported together with others of it. */
  dark?: MissRun & { since: number; reported?: 1; network?: string };
  /** Tick since which its ports gave no evidence: missed, timed out, frozen, down. */
  unheardSince?: number;
  /** How many covering scans those were, before its ports answered again. They teach nothing. */
  unheardScans?: number;
  /** Last determined code while the code is undetermined. */
  codeBefore?: HostCode;
  /** The kinds of discovery that it has answered: see `ReachMode`. */
  reached?: readonly ReachMode[];
  flood?: FloodMemory;
  /** nmap's guess of its system, and how certain it is; `pending`: another guess, read once. */
  system?: { name: string; accuracy: number; pending?: string };
  /** The last output of each script, and another output that was seen once. */
  scripts?: Readonly<Record<string, readonly [output: string, other?: string]>>;
};

/** Answers on all ports, since that tick. `controls`: ports not checked yet; `genuine`: proved by them. */
export type FloodMemory = { since: number; controls?: readonly number[]; genuine?: 1 };

/** How hosts are found decides which are found: raw probes (ICMP, ARP, SYN), connect() only, or assumed up (`-Pn`). */
export type ReachMode = 'raw' | 'connect' | 'assumed';

export type OutageMemory = {
  /** The subnet, or the network around several subnets. */
  area: string;
  /** Since this tick. */
  since: number;
  /** How many fell silent. */
  count: number;
  /** The hosts that have not answered since. */
  members: readonly AddressRange[];
  /** A confirmation proved that the path works: hosts still silent are judged like any others. */
  pathWorks?: 1;
};

/** Scans with one coverage and one mode. */
export type CoverageMemory = {
  mode: ReachMode;
  addresses: readonly AddressRange[];
  ports: PackedPorts;
  /** Runs of ticks, inclusive, oldest first. */
  ticks: RangeSet<number>;
};

export type GroupMemory = {
  version: 1;
  /** Of the last judged scan: tick, number, time. */
  tick: number;
  number: number;
  at: number;
  /** Tick of the scan itself: later ticks were passes over its baseline. */
  scan?: number;
  coverage: readonly CoverageMemory[];
  /** nmap versions seen; services store an index into this list. */
  nmap: readonly string[];
  hosts: Tally;
  services: Tally;
  /** As `services`, for UDP. */
  udp?: Tally;
  /** How often events happen in this group. */
  rates?: Counts;
  identities: Tally;
  outages: readonly OutageMemory[];
  /** Unknown addresses that answer on all ports, reported once: they are not hosts. */
  floods: readonly AddressRange[];
};

const EMPTY_GROUP: GroupMemory = {
  version: 1,
  tick: 0,
  number: 0,
  at: 0,
  coverage: [],
  nmap: [],
  hosts: { trials: 0, misses: 0 },
  services: { trials: 0, misses: 0 },
  identities: { trials: 0, misses: 0 },
  outages: [],
  floods: [],
};

/** Only the judge writes these records, so they are read as it wrote them; a record of another version starts empty. */
export function groupMemory(memory: Memory): GroupMemory {
  return memory['version'] === 1 ? (memory as GroupMemory) : EMPTY_GROUP;
}

export const hostMemory = (memory: Memory): HostMemory => memory as HostMemory;
export const serviceMemory = (memory: Memory): ServiceMemory => memory as ServiceMemory;

/** Undefined and zero values are left out, so that a record is no larger than its content. */
export type Loose<M> = { readonly [K in keyof M]?: M[K] | undefined };

export const keepHost = (memory: Loose<HostMemory>): Memory => compact(memory);
export const keepService = (memory: Loose<ServiceMemory>): Memory => compact(memory);

function compact(memory: Memory): Memory {
  return Object.fromEntries(Object.entries(memory).filter(([, value]) => value !== undefined && value !== 0));
}
