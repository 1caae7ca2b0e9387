import type { DeltaSubject, JudgedDelta } from './delta.ts';
import type { AddressRange, HostObservation, PortSet, Protocol, ServiceIdentity } from './observation.ts';
import type { Policy } from './policy.ts';
import type { Coverage } from './scan.ts';
import type { HostState, Memory } from './state.ts';

/** Everything one scan (all its chunks together) has to say. */
export type ScanEvidence = {
  /** The scan's number within its group; increasing. */
  number: number;
  /** Epoch ms. */
  at: number;
  kind: 'scan' | 'confirmation' | 'baseline';
  /** What it leaves in doubt can be asked again within minutes. */
  askable?: boolean;
  nmapVersion: string;
  scanTypes: readonly string[];
  /** What was really covered: failed chunks and incomplete hosts are not in it. */
  coverage: Coverage;
  /** Each address at most once. Down hosts may be missing. */
  hosts: Iterable<HostObservation>;
  /**
   * Hosts that are neither in `hosts` nor in the belief, because they say what they were last judged by, and were found
   * steady then. With it the judge says which hosts are steady now.
   */
  steady?: SteadyCounts;
};

/** A host of which the same evidence says nothing new, as what it adds to a scan's counts. */
export type Steady = {
  /** Tick of its first answer. */
  t: number;
  /** Ports that answer; `tcp` stands for all but UDP. */
  tcp: number;
  udp: number;
  /** Identities that are read. */
  read: number;
  /** Open ports: all are believed, and all that are believed are open. */
  open: number;
  /** Of its ports, how many the scan asked. */
  pairs: number;
  /** Epoch ms: from then on a certificate of it is a question, whatever else it says. */
  until: number;
};

/** Many of them; `fresh`: those whose first answer is from the scan before. `tried`: what the others heard. */
export type SteadyCounts = Pick<Steady, 'read' | 'open' | 'pairs'> & {
  hosts: number;
  fresh: number;
  heard: Pick<Steady, 'tcp' | 'udp'>;
  tried: Pick<Steady, 'tcp' | 'udp'>;
  subnets: ReadonlyMap<string, number>;
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
  /** No other port of the host can show that it is there: a ping has to. */
  ping?: boolean;
  /** Who answers there is in doubt, not whether: the confirmation reads identities. */
  identity?: true;
  /** An answer denies it, so that nothing was lost: there is no need to wait for a better moment. */
  denied?: true;
};

/** What one more look, right after the first one, should ask: what was silent in that. */
export type Pass = {
  addresses: readonly AddressRange[];
  ports: PortSet;
  /** They are known to be up: no discovery. */
  up: boolean;
};

export type Judgement = {
  deltas: readonly JudgedDelta[];
  /** Only the states that changed, whole. */
  hosts: readonly HostState[];
  group: Memory;
  firstDetermined: readonly FirstDetermined[];
  doubts: readonly Doubt[];
  /** Collapsed deltas that were reported and are over: an outage, a dark host, a firewall, a tarpit. */
  resolved: readonly DeltaSubject[];
  /** Where a live scanner can repeat what was asked for the first time. */
  passes: readonly Pass[];
  /** Of the hosts that were judged, those that are steady; where the evidence speaks of steady ones. */
  steady?: ReadonlyMap<string, Steady>;
  /** After a baseline pass: about how many services may still be unseen. */
  unseen?: number;
  /** Plain sentences for the scan's summary: `path is back, nothing had changed behind it`. */
  notes: readonly string[];
};

export type Judge = (belief: Belief, evidence: ScanEvidence, policy: Policy) => Judgement;
