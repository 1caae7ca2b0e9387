import type { Range, RangeSet } from '../network/range-set.ts';

/** `ip`: what nmap's protocol scan (`-sO`) writes, with protocol numbers for ports. */
export const PROTOCOLS = ['tcp', 'udp', 'sctp', 'ip'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export type PortRange = Range<number>;

export type PortSet = { readonly [P in Protocol]?: RangeSet<number> };

export type ServiceIdentity = {
  name: string;
  product?: string;
  version?: string;
  extrainfo?: string;
  tunnel?: string;
  /** `table`: guessed from the port number; `probed`: answered a version probe. */
  method: 'table' | 'probed';
  /** nmap's confidence, 0 to 10. */
  confidence: number;
  /** Where the profile runs `ssl-cert`. */
  certificate?: Certificate;
  /** Where the profile runs `ssh-hostkey`; one for each type of key. */
  hostKeys?: readonly HostKey[];
};

export type Certificate = {
  /** Hex, of the whole certificate. */
  fingerprint: string;
  subject?: string;
  issuer?: string;
  /** `rsa 2048`. */
  key?: string;
  /** Epoch ms. */
  expiresAt?: number;
};

export type HostKey = {
  /** `ssh-ed25519`; absent where the writer left it out. */
  type?: string;
  fingerprint: string;
};

/** nmap's port states, as in its XML. */
export type PortState = 'open' | 'closed' | 'filtered' | 'unfiltered' | 'open|filtered' | 'closed|filtered';

export type PortObservation = {
  protocol: Protocol;
  port: number;
  state: PortState;
  /** nmap's reason, e.g. `syn-ack`, `reset`, `conn-refused`, `no-response`. */
  reason: string;
  service?: ServiceIdentity;
};

/** One `<extrareasons>`: many ports alike, not listed one by one. */
export type ExtraPorts = {
  state: PortState;
  reason: string;
  protocol: Protocol;
  ports: readonly PortRange[];
  /**
   * nmap up to 7.91 wrote how many ports were in each state, not which. If there were several states, the ports are
   * listed here together as `closed|filtered`, and this is how many of them were closed by an answer.
   */
  closed?: number;
};

/** nmap's best guess (`-O`); `accuracy` in per cent. */
export type OsGuess = { name: string; accuracy: number };

/** What a script (`--script`) reported about the host, or about one of its ports. */
export type ScriptResult = { id: string; output: string; port?: { protocol: Protocol; port: number } };

/** What one chunk saw of one host: plain data as nmap reported it, not judged here. */
export type HostObservation = {
  /** Canonical text (RFC 5952 for IPv6). */
  address: string;
  mac?: string;
  vendor?: string;
  hostnames: readonly string[];
  /** Those of its names that the user gave as targets (`type="user"`); absent when it was given by address. */
  askedAs?: readonly string[];
  status: 'up' | 'down';
  reason: string;
  /** `--host-timeout` expired: its ports are no evidence. */
  timedOut: boolean;
  ports: readonly PortObservation[];
  extra: readonly ExtraPorts[];
  os?: OsGuess;
  /** Without the scripts that identify a service: those are part of its identity. */
  scripts?: readonly ScriptResult[];
};

/** Inclusive range of addresses as canonical text, both of one family. */
export type AddressRange = readonly [first: string, last: string];

/** What one nmap run reported about itself. */
export type RunHeader = {
  nmapVersion: string;
  args: string;
  /** `syn`, `connect`, `udp`, … as in scaninfo; several for mixed scans. */
  scanTypes: readonly string[];
  /** From `scaninfo services`. */
  ports: PortSet;
  /** Epoch ms. */
  startedAt: number;
};

export type RunEnd = {
  /** True when nmap wrote `<finished exit="success">`. */
  complete: boolean;
  /** Epoch ms, as nmap wrote it. */
  finishedAt?: number;
  hostsUp?: number;
  hostsDown?: number;
  hostsTotal?: number;
  /** nmap's own error message, or why the document was not read to its end. */
  error?: string;
  /** Parts of the document that could not be used, counted and with examples, and oddities in it. */
  remarks?: readonly string[];
};

/** A whole nmap document in memory; for small ones. Large ones are read host by host. */
export type NmapRun = { header: RunHeader; hosts: readonly HostObservation[]; end: RunEnd };
