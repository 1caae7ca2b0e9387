import type { DeltaSubject, JudgedDelta } from './delta.ts';
import type { AddressRange, HostObservation, PortSet, Protocol, ServiceIdentity } from './observation.ts';
import type { Policy } from './policy.ts';
import type { Coverage } from './scan.ts';
import type { HostState, Memory } from './state.ts';

/** All evidence of one scan, its chunks together. */
export type ScanEvidence = {
  /** The scan's number within its group; increasing. */
  number: number;
  /** Epoch ms. */
  at: number;
  kind: 'scan' | 'confirmation' | 'baseline';
  /** A live scanner can confirm doubts within minutes. */
  askable?: boolean;
  nmapVersion: string;
  scanTypes: readonly string[];
  /** What was really covered: without failed chunks and incomplete hosts. */
  coverage: Coverage;
  /** Each address at most once. Down hosts may be missing. */
  hosts: Iterable<HostObservation>;
  /**
   * Hosts that are neither in `hosts` nor in the belief, because their XML is what they were last judged by, and they
   * were found steady then. If given, the judge reports which hosts are steady now.
   */
  steady?: SteadyCounts;
};

/** A host for which the same evidence brings nothing new, reduced to what it adds to a scan's counts. */
export type Steady = {
  /** Tick of its first answer. */
  t: number;
  /** Ports that answer; `tcp` stands for everything except UDP. */
  tcp: number;
  udp: number;
  /** Identities that were read. */
  read: number;
  /** Open ports: all are believed open, and all that are believed open are open. */
  open: number;
  /** How many of its ports the scan probed. */
  pairs: number;
  /** Epoch ms from which one of its certificates has to be judged, whatever else is unchanged. */
  until: number;
};

/**
 * The sum over many of them; `fresh`: those whose first answer is from the scan before; `tried`: ports
 * of the others.
 */
export type SteadyCounts = Pick<Steady, 'read' | 'open' | 'pairs'> & {
  hosts: number;
  fresh: number;
  heard: Pick<Steady, 'tcp' | 'udp'>;
  tried: Pick<Steady, 'tcp' | 'udp'>;
  subnets: ReadonlyMap<string, number>;
};

export const NO_STEADY: SteadyCounts = {
  ...{ hosts: 0, fresh: 0, read: 0, open: 0, pairs: 0, subnets: new Map() },
  ...{ heard: { tcp: 0, udp: 0 }, tried: { tcp: 0, udp: 0 } },
};

/** What the judge believes before a scan. `group` is the judge's own JSON, `{}` at the start. */
/** `version`: how often it was written. */
export type Belief = { group: Memory; hosts: ReadonlyMap<string, HostState>; version?: number };

/** Found while learning: listed, not alerted. */
export type FirstDetermined = {
  address: string;
  protocol?: Protocol;
  port?: number;
  identity?: ServiceIdentity;
};

/** A doubtful host:port (or the host itself, without a port) that a confirmation scan can settle. */
export type Doubt = {
  address: string;
  protocol?: Protocol;
  port?: number;
  /** No other port of the host can show that it is up, so it has to be pinged. */
  ping?: boolean;
  /** Which service answers is in doubt, not whether one does: the confirmation reads identities. */
  identity?: true;
  /** An answer denied it, so no probe was lost and there is no reason to wait for a better moment. */
  denied?: true;
};

/** What one more scan, right after the first one, should probe: whatever was silent in it. */
export type Pass = {
  addresses: readonly AddressRange[];
  ports: PortSet;
  /** The hosts are known to be up: no discovery. */
  up: boolean;
};

export type Judgement = {
  deltas: readonly JudgedDelta[];
  /** Complete states, of changed hosts only. */
  hosts: readonly HostState[];
  group: Memory;
  firstDetermined: readonly FirstDetermined[];
  doubts: readonly Doubt[];
  /** Collapsed deltas that were reported and are over: an outage, a dark host, a firewall, a tarpit. */
  resolved: readonly DeltaSubject[];
  /** Set where a live scanner can repeat probes that were sent for the first time. */
  passes: readonly Pass[];
  /** The judged hosts that are steady; set when the evidence contains steady ones. */
  steady?: ReadonlyMap<string, Steady>;
  /** After a baseline pass: roughly how many services may still be unseen. */
  unseen?: number;
  /** Plain sentences for the scan's summary: `path is back, nothing had changed behind it`. */
  notes: readonly string[];
};

export type Judge = (belief: Belief, evidence: ScanEvidence, policy: Policy) => Judgement;
