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
  /** The scan that reported it, and its time (epoch ms). */
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
  /** How many times it flipped since it was reported: gone and back again, each counted once. */
  repeats: number;
  /** What its subject did last, and when, if it has flipped since. */
  now?: { kind: DeltaKind; at: number };
  /** The earlier delta that this one continues; that one is the item that people see and answer. */
  partOf?: number;
  /** When what it reported ended: what appeared is gone, or what was lost is back. Epoch ms. */
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
  /** Set when the alert continues an older, closed one. */
  previousId?: number;
  /** Fixed when the alert is opened. */
  thread: ThreadShape;
  createdAt: number;
};

/** What a button on an alert applies to: one host, one kind, or the whole alert. */
export type AlertScope = { alert: number; host?: string; kind?: DeltaKind };
