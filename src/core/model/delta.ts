import type { Protocol, ServiceIdentity } from './observation.ts';

export const DELTA_KINDS = [
  'host-appeared',
  'host-down',
  'host-recovered',
  'target-added',
  'target-removed',
  'service-added',
  'service-removed',
  'service-changed',
  'outage',
  'all-ports-open',
] as const;
export type DeltaKind = (typeof DELTA_KINDS)[number];

/** How surely a delta is real: green P(false) < 5 %, amber < 30 %, red above. In words: certain, likely, doubtful. */
export const GRADES = ['green', 'amber', 'red'] as const;
export type Grade = (typeof GRADES)[number];

/** What a delta means for the people who answer for the network; it colours the message. */
export const RISKS = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Risk = (typeof RISKS)[number];

/** `present`/`absent` say which side; a service side carries its identity. */
export type DeltaSide = { present: boolean; identity?: ServiceIdentity };

/** What the delta is about. `address` is a subnet (`10.1.2.0/24`) for an `outage`. */
export type DeltaSubject = {
  kind: DeltaKind;
  address: string;
  protocol?: Protocol;
  port?: number;
};

/** One delta at one time has one key within its group: `kind|address|tcp/80`. */
export function deltaKey(subject: DeltaSubject): string {
  const service = subject.port === undefined ? '' : `${subject.protocol ?? 'tcp'}/${subject.port}`;
  return `${subject.kind}|${subject.address}|${service}`;
}

/**
 * A delta as the judge tells it.
 * - `candidate`: not yet believed; waits for the next evidence
 * - `confirmed`: believed; to be announced unless policy, mute or window hold it back
 * - `refuted`: a candidate that later evidence denied
 */
export type JudgedDelta = DeltaSubject & {
  state: 'candidate' | 'confirmed' | 'refuted';
  before?: DeltaSide;
  after?: DeltaSide;
  grade: Grade;
  /** Posterior probability of a false positive, 0 to 1. */
  probability: number;
  /** Plain words, one statement each: `closed: reset received`, `missed 3 scans in a row`. */
  evidence: readonly string[];
  /** Addresses behind a collapsed delta (`outage`), or ports (`all-ports-open`), for the attached list. */
  members?: readonly string[];
  /** Set when the judge itself holds a confirmed delta back: `unstable`, `grade below min-grade`, … */
  suppressed?: string;
};
