import type { Card } from '../../cards/card.ts';
import type { Acknowledgement, Alert, Delta, ThreadShape } from '../../core/model/alert.ts';
import type { DeltaKind } from '../../core/model/delta-kinds.ts';
import type { ChannelRef, PrincipalKey } from '../../core/model/principal.ts';
import type { Risk } from '../../core/model/scales.ts';
import type { JudgementCommit } from './judgement-commit.ts';
import type { Page, Paged } from './paging.ts';

/** A setting of this and a delta’s id: the belief does not know yet that it was answered as a false alarm, or no longer is. */
export const UNSETTLED = 'false-alarm-unsettled:';

export type DeltaFilter = {
  groupId?: number;
  states?: readonly Delta['state'][];
  /** `open`: nobody has answered it, and it has not come to its end by itself. */
  acknowledgement?: 'open' | 'answered' | 'resolved';
  kind?: DeltaKind;
  since?: number;
  alertId?: number;
  /** Told by this scan. */
  scanId?: number;
  address?: string;
  ids?: readonly number[];
  /** Later turns of an item too; by `ids` they always are. */
  parts?: 'with';
};

/** Times in epoch ms. */
export type Unanswered = { risks: readonly Risk[]; before: number; remindedBefore: number };

export type Reminder = {
  deltas: readonly number[];
  at: number;
  remindedBefore: number;
  /** Each in the thread of its alert; without one it is a message of its own. */
  replies: readonly { alertId?: number; card: Card; channel: ChannelRef }[];
};

export type DeltaStore = {
  commit(commit: JudgementCommit): Promise<{ committed: boolean; alertId?: number; deltaIds: number[] }>;
  byId(id: number): Promise<Delta | undefined>;
  list(filter: DeltaFilter, page: Page): Promise<Paged<Delta>>;
  /** Newest first, of this key, confirmed or suppressed or candidate. */
  latestByKey(groupId: number, keys: readonly string[]): Promise<Map<string, Delta>>;
  openCandidates(groupId: number): Promise<Delta[]>;
  /** Items that wait for an answer, by group; the ports that a new host came with are its content. */
  countOpen(): Promise<Map<number, number>>;
  /** Open ports that came with a new host which nobody has answered yet, by id; `over`: that host is gone again. */
  contents(): Promise<Map<number, { item: number; over: boolean }>>;
  /**
   * Sets the answer of those that are open, and every message that shows one of them is to be edited; returns the ids
   * changed. Idempotent. A false alarm is unsettled from then on.
   */
  acknowledge(ids: readonly number[], answer: Exclude<Acknowledgement, { type: 'open' }>): Promise<number[]>;
  /** Back to open, likewise. `by`: for the record of answers. */
  undo(ids: readonly number[], by: { by: PrincipalKey; byName: string; at: number }): Promise<number[]>;
  /** Of what is held back, by what from now on. */
  hold(ids: readonly number[], reason: string): Promise<void>;
  /**
   * What was held back is open from now on, in the alert of its scan, which is opened where there is none; an event says so
   * with the reason. Returns the ids changed. Idempotent.
   */
  release(
    ids: readonly number[],
    told: { groupId: number; at: number; reason: string; thread: ThreadShape },
  ): Promise<number[]>;
  /** What these reported is over, and their messages say so. */
  resolve(ids: readonly number[], at: number): Promise<void>;
  /** Reported and open, at least that long and of these risks, and nobody was reminded of it since; newest first. */
  unanswered(groupId: number, of: Unanswered): Promise<Delta[]>;
  /**
   * In one transaction: these are reminded of now, by these replies. False, and nothing done, when one of them was answered,
   * ended or reminded of meanwhile.
   */
  remind(reminder: Reminder): Promise<boolean>;
  alert(id: number): Promise<Alert | undefined>;
  alertOfScan(scanId: number): Promise<Alert | undefined>;
};
