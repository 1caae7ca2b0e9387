import type { JudgedDelta } from './delta.ts';
import type { DeltaKind } from './delta-kinds.ts';
import type { PrincipalKey } from './principal.ts';
import type { Risk } from './scales.ts';

/** How a user has answered a delta. */
export type Acknowledgement =
  | { type: 'open' }
  | {
      type: 'acknowledged' | 'expected' | 'false-alarm';
      by: PrincipalKey;
      byName: string;
      at: number;
      note?: string;
      /** The expectation that announced it; absent where somebody answered by hand. */
      announced?: number;
    };

/** A delta as it is stored. */
export type Delta = Omit<JudgedDelta, 'state' | 'suppressed'> & {
  id: number;
  groupId: number;
  /** The scan that told it, and its time (epoch ms). */
  scanId: number;
  at: number;
  state: 'candidate' | 'confirmed' | 'refuted' | 'suppressed';
  /** Why it was not announced: `mute 3 by …`, `window 2`, `min-grade`, `unstable`. */
  heldBack?: string;
  risk: Risk;
  /** Plain words on why it matters, for well-known ports. */
  riskHint?: string;
  firstSeen?: number;
  lastSeen?: number;
  alertId?: number;
  /** How many times it turned since it was reported: gone and back again, each once. */
  repeats: number;
  /** What its subject did last, and when, where it has turned since. */
  now?: { kind: DeltaKind; at: number };
  /** The delta that it is a later turn of; that one is the item that people see and answer. */
  partOf?: number;
  /** When what it reported came to its end: what appeared is gone, what was lost is back. Epoch ms. */
  resolvedAt?: number;
  acknowledgement: Acknowledgement;
};

/** What each message of an alert's thread is about: a host, or a kind of delta. */
export type ThreadShape = 'hosts' | 'kinds';

/** The confirmed deltas of one scan, posted as one thread. */
export type Alert = {
  id: number;
  groupId: number;
  scanId: number;
  /** Set when the alert follows an older, closed one. */
  previousId?: number;
  /** As it was opened; it stays so. */
  thread: ThreadShape;
  createdAt: number;
};

/** What a button on an alert stands for: one host of it, one kind of it, or all of it. */
export type AlertScope = { alert: number; host?: string; kind?: DeltaKind };
