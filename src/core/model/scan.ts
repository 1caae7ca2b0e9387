import type { AddressRange, PortSet, Protocol, ServiceIdentity } from './observation.ts';
import type { ChannelRef, PrincipalKey } from './principal.ts';

/**
 * - `queued` → `running` → `judging` → `done`
 * - `cancelled`: ended by a user; what was complete is judged
 * - `failed`: no chunk gave a result
 * - `superseded`: a confirmation whose question a newer scan has answered before it came
 */
export const SCAN_STATUSES = ['queued', 'running', 'judging', 'done', 'cancelled', 'failed', 'superseded'] as const;
export type ScanStatus = (typeof SCAN_STATUSES)[number];

/** Nothing follows these. */
export const ENDED: readonly ScanStatus[] = ['done', 'cancelled', 'failed', 'superseded'];

export type ScanOrigin =
  | { type: 'command'; by: PrincipalKey; channel: ChannelRef }
  | { type: 'schedule'; schedule: number; late?: boolean; dueAt?: number }
  | { type: 'recheck'; by: PrincipalKey }
  /** A further look at what the scan before it asked for the first time. */
  | { type: 'baseline' };

/** What nmap does, in this order: it finds who is there, asks their ports, asks what answers there. */
export const SCAN_PHASES = ['discovery', 'ports', 'versions'] as const;
export type ScanPhase = (typeof SCAN_PHASES)[number];

/** What goes on in a running scan, by the last word of its workers. */
export type UnderWay = {
  /** Of all that are at it. */
  phases: readonly ScanPhase[];
  /** How far nmap is with this step, 0 to 99, where only one is at it. */
  step?: number;
  /** How much of all is done with, 0 to 100; a part that had to begin again counts as not begun. */
  done: number;
  /** When they said so: epoch ms. */
  at: number;
};

/** The only scripts that are run: both read what a service shows to everybody, and change nothing. */
export const IDENTITY_SCRIPTS = ['ssl-cert', 'ssh-hostkey'] as const;
export type IdentityScript = (typeof IDENTITY_SCRIPTS)[number];

/** Typed, closed list of what nmap may be asked; see profile.ts for how it is derived from a profile. */
export type ScanSettings = {
  profile: string;
  /** nmap `-p` expression, validated; undefined with `topPorts`. */
  ports?: string;
  topPorts?: number;
  tcp: boolean;
  udp: boolean;
  versionDetection: boolean;
  /** Run on what is open, with version detection. */
  scripts?: readonly IdentityScript[];
  timing: 1 | 2 | 3 | 4 | 5;
  maxRetries?: number;
  /** ms */
  hostTimeoutMs?: number;
  /** ms between probes to one host */
  scanDelayMs?: number;
  maxRate?: number;
  /** Reverse DNS; off unless asked for. */
  resolveNames: boolean;
  /** Skip host discovery (`-Pn`). */
  skipDiscovery: boolean;
};

/** One nmap process: what it is given. Addresses only; names are resolved and checked before. */
export type ChunkRequest = {
  /** Disjoint ranges; each becomes CIDRs or single addresses on nmap's `-iL`. */
  ranges: readonly AddressRange[];
  family: 4 | 6;
  settings: ScanSettings;
};

export type Coverage = { addresses: readonly AddressRange[]; ports: PortSet };

/** A host that answered in one scan, with the ports that were open in it. */
export type SeenHost = {
  address: string;
  hostnames: readonly string[];
  /** nmap gave up on it: its ports say nothing. */
  timedOut: boolean;
  ports: readonly { protocol: Protocol; port: number; service?: ServiceIdentity }[];
};

/** What a confirmation asked, and the answer in words. Without a port: the host itself. */
export type AskedPort = {
  address: string;
  protocol?: Protocol;
  port?: number;
  words: string;
  open?: boolean;
  /** It was believed to be there before. */
  was?: boolean;
};

/** What was believed before a scan, and how much of it the scan had an answer from. */
export type Believed = {
  /** Believed up and covered, and how many of them were silent. */
  hosts: number;
  silentHosts: number;
  /** Believed up, and not covered. */
  uncoveredHosts: number;
  /** Believed open on covered hosts, and how many of them were silent: closed by a reset is an answer. */
  services: number;
  silentServices: number;
};

/** What one scan saw, as it saw it: never changed by what is believed later. */
export type Seen = {
  hostsUp: number;
  openPorts: number;
  /** The first of them; absent once the detail of the scan is pruned. */
  hosts?: readonly SeenHost[];
  /** Of a whole scan; absent of those from before it was kept. */
  believed?: Believed;
  /** Of a confirmation. */
  answers?: readonly AskedPort[];
};

export type Scan = {
  id: number;
  groupId: number;
  /** Counts the group's scans from 1; evidence is judged in this order. Confirmations have the number of the scan they confirm. */
  number: number;
  kind: 'scan' | 'confirmation';
  /** The scan that a confirmation belongs to. */
  parentId?: number;
  status: ScanStatus;
  origin: ScanOrigin;
  settings: ScanSettings;
  /** The group's site when it was queued. */
  site: string;
  chunkCount: number;
  chunksDone: number;
  hostsTotal: number;
  hostsDone: number;
  hostsUp: number;
  /** How far it came, 0 to 99, while it runs; it never goes back. */
  percent?: number;
  underWay?: UnderWay;
  /** Epoch ms. */
  queuedAt: number;
  startedAt?: number;
  finishedAt?: number;
  /** Why it failed, or what part of it did. */
  error?: string;
  /** Said once to users, e.g. `connect scan: no raw sockets`. */
  notes: readonly string[];
};

const CANCELLED = 'cancelled by ';

/** The note that marks a running scan as cancelled until it is judged. */
export const cancelNote = (by: PrincipalKey): string => `${CANCELLED}${by}`;

/** Who cancelled it, of a note that says so. */
export function cancelledBy(note: string): PrincipalKey | undefined {
  return note.startsWith(CANCELLED) ? note.slice(CANCELLED.length) : undefined;
}

export function isCancelled(scan: Scan): boolean {
  return scan.status === 'cancelled' || scan.notes.some((note) => note.startsWith(CANCELLED));
}

export function isOver(scan: Pick<Scan, 'status'>): boolean {
  return ENDED.includes(scan.status);
}
