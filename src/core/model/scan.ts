import type { AddressRange, PortSet, Protocol, ServiceIdentity } from './observation.ts';
import type { ChannelRef, PrincipalKey } from './principal.ts';

/**
 * - `queued` → `running` → `judging` → `done`
 * - `cancelled`: ended by a user; complete chunks are judged
 * - `failed`: no chunk returned a result
 * - `superseded`: a confirmation whose question a newer scan answered first
 */
export const SCAN_STATUSES = ['queued', 'running', 'judging', 'done', 'cancelled', 'failed', 'superseded'] as const;
export type ScanStatus = (typeof SCAN_STATUSES)[number];

/** Final statuses. */
export const ENDED: readonly ScanStatus[] = ['done', 'cancelled', 'failed', 'superseded'];

export type ScanOrigin =
  | { type: 'command'; by: PrincipalKey; channel: ChannelRef }
  | { type: 'schedule'; schedule: number; late?: boolean; dueAt?: number }
  | { type: 'recheck'; by: PrincipalKey }
  /** Another scan of what the scan before it probed for the first time. */
  | { type: 'baseline' };

/** nmap's phases, in order: find hosts, probe their ports, identify services. */
export const SCAN_PHASES = ['discovery', 'ports', 'versions'] as const;
export type ScanPhase = (typeof SCAN_PHASES)[number];

/** The progress of a running scan, as its workers last reported it. */
export type UnderWay = {
  /** The phases of all nmap processes that are running. */
  phases: readonly ScanPhase[];
  /** nmap's progress in this step, 0 to 99, if only one process is running. */
  step?: number;
  /** Of the hosts that are up, how many are done; absent if a worker does not report it. */
  upDone?: number;
  /** Hosts that are up in the chunks that have ended; a bot that was restarted knows them only from here. */
  upEnded?: number;
  /** How much of the whole scan is done, 0 to 100; a chunk that had to start again counts as not started. */
  done: number;
  /** When the workers reported it: epoch ms. */
  at: number;
};

/** The only scripts that are run: both read what a service shows to everybody, and change nothing. */
export const IDENTITY_SCRIPTS = ['ssl-cert', 'ssh-hostkey'] as const;
export type IdentityScript = (typeof IDENTITY_SCRIPTS)[number];

/** A closed, typed list of nmap settings; see profile.ts for how it is derived from a profile. */
export type ScanSettings = {
  profile: string;
  /** nmap `-p` expression, validated; undefined with `topPorts`. */
  ports?: string;
  topPorts?: number;
  tcp: boolean;
  udp: boolean;
  versionDetection: boolean;
  /** Run on open ports, with version detection. */
  scripts?: readonly IdentityScript[];
  /**
   * How long the identity of a service counts as known before it is read again, ms. 0: this scan reads all, and it is
   * recorded when; absent: each scan reads all.
   */
  versionEveryMs?: number;
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

/** TCP ports of one host, as `22,80-90`. */
export type HostPorts = { address: string; tcp: string };

/** Ports whose identity was read. `unclear`: those of them whose service did not say what it is, if any. */
export type IdentifiedHost = HostPorts & { unclear?: string | undefined };

/** Open ports whose identity need not be read again. `mac`: that of the host whose services they are. */
export type KnownHost = HostPorts & { mac?: string };

/** The input of a worker's task: usually of one nmap process. Addresses only; names are resolved and checked before. */
export type ChunkRequest = {
  /** Disjoint ranges; each becomes CIDRs or single addresses on nmap's `-iL`. */
  ranges: readonly AddressRange[];
  family: 4 | 6;
  settings: ScanSettings;
  /** With `versionEveryMs`, what need not be identified again, as it was when the scan was handed to the workers. */
  known?: readonly KnownHost[];
};

export type Coverage = { addresses: readonly AddressRange[]; ports: PortSet };

/** A host that answered in one scan, with the ports that were open in it. */
export type SeenHost = {
  address: string;
  hostnames: readonly string[];
  /** nmap gave up on it: its ports are no evidence. */
  timedOut: boolean;
  ports: readonly { protocol: Protocol; port: number; service?: ServiceIdentity }[];
};

/** What a confirmation probed, and the answer as text. Without a port: the host itself. */
export type AskedPort = {
  address: string;
  protocol?: Protocol;
  port?: number;
  words: string;
  open?: boolean;
  /** It was believed present before. */
  was?: boolean;
};

/** What was believed before a scan, and how much of it answered. */
export type Believed = {
  /** Believed up and covered, and how many of them were silent. */
  hosts: number;
  silentHosts: number;
  /** Believed up, and not covered. */
  uncoveredHosts: number;
  /** Believed open on covered hosts, and how many of them were silent. A port closed by a reset has answered. */
  services: number;
  silentServices: number;
};

/** What one scan saw: never changed by what is believed later. */
export type Seen = {
  hostsUp: number;
  openPorts: number;
  /** The first hosts, up to a limit; absent once the detail of the scan is pruned. */
  hosts?: readonly SeenHost[];
  /** For a whole scan; absent in scans from before it was recorded. */
  believed?: Believed;
  /** For a confirmation. */
  answers?: readonly AskedPort[];
};

export type Scan = {
  id: number;
  groupId: number;
  /**
   * Counts the group's scans from 1; evidence is judged in this order. A confirmation has the number of the scan it
   * confirms.
   */
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
  /** Its progress while it runs, 0 to 99; it never decreases. */
  percent?: number;
  underWay?: UnderWay;
  /** Epoch ms. */
  queuedAt: number;
  startedAt?: number;
  finishedAt?: number;
  /** Why it failed, or why part of it did. */
  error?: string;
  /** Shown to users once, e.g. `connect scan: no raw sockets`. */
  notes: readonly string[];
};

const CANCELLED = 'cancelled by ';

/** The note that marks a running scan as cancelled until it is judged. */
export const cancelNote = (by: PrincipalKey): string => `${CANCELLED}${by}`;

/** Who cancelled the scan, read from its note. */
export function cancelledBy(note: string): PrincipalKey | undefined {
  return note.startsWith(CANCELLED) ? note.slice(CANCELLED.length) : undefined;
}

export function isCancelled(scan: Scan): boolean {
  return scan.status === 'cancelled' || scan.notes.some((note) => note.startsWith(CANCELLED));
}

export function isOver(scan: Pick<Scan, 'status'>): boolean {
  return ENDED.includes(scan.status);
}
