import type { Card } from '../../cards/card.ts';
import type { Acknowledgement, Delta, ThreadShape } from '../../core/model/alert.ts';
import type { DeltaKind } from '../../core/model/delta-kinds.ts';
import type { FirstDetermined } from '../../core/model/judgement.ts';
import type { ChannelRef } from '../../core/model/principal.ts';
import type { Coverage, Seen } from '../../core/model/scan.ts';
import type { HostState, Memory } from '../../core/model/state.ts';
import type { MessageSubject } from '../message.ts';

/** Stands for a new delta within its commit, before the store has given it an id. */
export type TemporaryId = `new:${number}`;
export type DeltaRef = number | TemporaryId;

export type NewDelta = Omit<Delta, 'id' | 'alertId' | 'acknowledgement' | 'repeats'>;

/** Everything that one judged scan changes; committed together. */
export type JudgementCommit = {
  scanId: number;
  groupId: number;
  at: number;
  /** The scan's new status; refused (false) unless it is `judging`, so that a scan is judged once. */
  status: 'done' | 'cancelled';
  finishedAt: number;
  coverage: Coverage;
  /** What it saw, to be shown as it was; absent where nothing was read. */
  seen?: Seen;
  group: Memory;
  /** The version of the belief by which it was judged; throws BeliefChanged when there is a newer one. */
  basis?: number;
  hosts: readonly HostState[];
  /** What is kept of those of them that are steady from now on; of the others nothing. */
  steady?: ReadonlyMap<string, string>;
  /** Steady hosts that were not judged, and whose code is `unchanged` from now on. */
  settled?: readonly string[];
  firstDetermined: readonly FirstDetermined[];
  /** In the order of their ids to be. */
  newDeltas: ReadonlyMap<TemporaryId, NewDelta>;
  changedDeltas: readonly (Partial<Delta> & { id: number })[];
  /** What is told in this scan's alert. Without deltas there is none. */
  alert?: {
    /** The scan it is of: the commit's own, or the one that a confirmation belongs to. */
    scanId: number;
    /** Join this alert instead of opening one. */
    alertId?: number | undefined;
    previousId?: number | undefined;
    /** Of an alert that it opens. */
    thread: ThreadShape;
    deltas: readonly DeltaRef[];
  };
  /**
   * Further turns of a delta that is reported already: counted there, and part of it from now on. `line`: it stands in
   * the same alert, but is a line of its own.
   */
  repeats: readonly { deltaId: number; by: DeltaRef; line?: boolean }[];
  /** Announced changes that came; `met`: there is no more to come of it; `answer` is what their delta is answered with. */
  expectationsMet: readonly {
    delta: DeltaRef;
    expectationId: number;
    met: boolean;
    answer?: Exclude<Acknowledgement, { type: 'open' }>;
  }[];
  /**
   * The unsent messages that tell it (outbox), as by `want`, in this order. `alertId` absent: this commit's alert.
   * What is about a host or a kind stands in the thread of the same alert's message in the same channel.
   */
  announce: readonly { alertId?: number; about: AlertPart; channel: ChannelRef }[];
  /** Messages that this changes, as by `touch`. */
  touch: readonly MessageSubject[];
  /** Messages beside the alert's, as by `want`. */
  want?: readonly { subject: MessageSubject; channel: ChannelRef }[];
  /** Small values that hold from now on; one without a value is forgotten. */
  settings?: readonly { key: string; value?: string }[];
};

export type AlertPart =
  | { type: 'alert' }
  | { type: 'alert-host'; host: string }
  | { type: 'alert-kind'; kind: DeltaKind }
  /** A reply that stays as it is. */
  | { type: 'notice'; card: Card };

/** Another bot has judged the same group meanwhile: nothing was written, and it is to be judged anew. */
export class BeliefChanged extends Error {
  constructor(groupId: number) {
    super(`the belief of group ${groupId} was changed meanwhile`);
    this.name = 'BeliefChanged';
  }
}
