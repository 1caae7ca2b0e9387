import type { DeltaKind } from './delta-kinds.ts';
import type { Protocol, ServiceIdentity } from './observation.ts';
import type { Grade } from './scales.ts';

/** `present`/`absent` say which side; for a service it carries the identity. */
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
 * A delta as the judge reports it.
 * - `candidate`: not yet believed; waits for the next evidence
 * - `confirmed`: believed; announced unless policy, mute or window hold it back
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
  /** The user's own rule (`down-after`) is met: announced whatever its grade. */
  due?: boolean;
  /** Set when the judge itself holds back a confirmed delta: `unstable`, `grade below min-grade`, … */
  suppressed?: string;
};
