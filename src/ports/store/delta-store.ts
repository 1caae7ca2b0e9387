import type { Card } from '../../cards/card.ts';
import type { Acknowledgement, Alert, Delta, ThreadShape } from '../../core/model/alert.ts';
import type { DeltaKind } from '../../core/model/delta-kinds.ts';
import type { ChannelRef, PrincipalKey } from '../../core/model/principal.ts';
import type { Risk } from '../../core/model/scales.ts';
import type { JudgementCommit } from './judgement-commit.ts';
import type { Page, Paged } from './paging.ts';

/**
 * Prefix of a setting, followed by a delta’s id: the belief has not learnt yet that it was answered as a false alarm,
 * or no longer is.
 */
export const UNSETTLED = 'false-alarm-unsettled:';

export type DeltaFilter = {
  groupId?: number;
  states?: readonly Delta['state'][];
  /** `open`: nobody has answered it, and it has not ended by itself. */
  acknowledgement?: 'open' | 'answered' | 'resolved';
  kind?: DeltaKind;
  since?: number;
  alertId?: number;
  /** Reported by this scan. */
  scanId?: number;
  address?: string;
  ids?: readonly number[];
  /** Includes later turns of an item; with `ids` they always are. */
  parts?: 'with';
};

/** Times in epoch ms. */
export type Unanswered = { risks: readonly Risk[]; before: number; remindedBefore: number };

export type Reminder = {
  deltas: readonly number[];
  at: number;
  remindedBefore: number;
  /** Each in the thread of its alert; without an alert it is a message of its own. */
  replies: readonly { alertId?: number; card: Card; channel: ChannelRef }[];
};

export type DeltaStore = {
  commit(commit: JudgementCommit): Promise<{ committed: boolean; alertId?: number; deltaIds: number[] }>;
  byId(id: number): Promise<Delta | undefined>;
  list(filter: DeltaFilter, page: Page): Promise<Paged<Delta>>;
  /** Newest first, of this key, confirmed or suppressed or candidate. */
  latestByKey(groupId: number, keys: readonly string[]): Promise<Map<string, Delta>>;
  openCandidates(groupId: number): Promise<Delta[]>;
  /** Items that wait for an answer, by group; the ports that a new host appeared with are part of it. */
  countOpen(): Promise<Map<number, number>>;
  /** Open ports that appeared with a new host which nobody has answered yet, by id; `over`: that host is gone again. */
  contents(): Promise<Map<number, { item: number; over: boolean }>>;
  /**
   * Answers those that are open, and marks every message that shows one of them for editing; returns the ids changed.
   * Idempotent. A false alarm is unsettled from then on.
   */
  acknowledge(ids: readonly number[], answer: Exclude<Acknowledgement, { type: 'open' }>): Promise<number[]>;
  /** Reopens them in the same way. `by`: for the record of answers. */
  undo(ids: readonly number[], by: { by: PrincipalKey; byName: string; at: number }): Promise<number[]>;
  /** Changes the reason for which these deltas are held back. */
  hold(ids: readonly number[], reason: string): Promise<void>;
  /**
   * Opens deltas that were held back, in the alert of their scan, which is opened if there is none; an event records it
   * with the reason. Returns the ids changed. Idempotent.
   */
  release(
    ids: readonly number[],
    told: { groupId: number; at: number; reason: string; thread: ThreadShape },
  ): Promise<number[]>;
  /** These doubts are none any more. */
  refute(ids: readonly number[]): Promise<void>;
  /** These deltas are over, and their messages say so. */
  resolve(ids: readonly number[], at: number): Promise<void>;
  /** Reported and open for at least that long, of these risks, and without a reminder since; newest first. */
  unanswered(groupId: number, of: Unanswered): Promise<Delta[]>;
  /**
   * In one transaction: records the reminder of these deltas and its replies. False, and nothing done, when one of them
   * was answered, ended or reminded of meanwhile.
   */
  remind(reminder: Reminder): Promise<boolean>;
  alert(id: number): Promise<Alert | undefined>;
  alertOfScan(scanId: number): Promise<Alert | undefined>;
};
