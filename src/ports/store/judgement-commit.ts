import type { Card } from '../../cards/card.ts';
import type { Acknowledgement, Delta, ThreadShape } from '../../core/model/alert.ts';
import type { DeltaKind } from '../../core/model/delta-kinds.ts';
import type { FirstDetermined } from '../../core/model/judgement.ts';
import type { ChannelRef } from '../../core/model/principal.ts';
import type { Coverage, HostPorts, Seen } from '../../core/model/scan.ts';
import type { HostState, Memory } from '../../core/model/state.ts';
import type { MessageSubject } from '../message.ts';

/** Refers to a new delta within its commit, before the store has given it an id. */
export type TemporaryId = `new:${number}`;
export type DeltaRef = number | TemporaryId;

export type NewDelta = Omit<Delta, 'id' | 'alertId' | 'acknowledgement' | 'repeats'>;

/** Some hosts, and what to keep about those that are steady from now on. */
export type HostSlice = { hosts: readonly HostState[]; steady: ReadonlyMap<string, string> };

/** A list as JSON, packed by gzip, as the store keeps it. */
export type PackedList = { count: number; json: Uint8Array };

/** Everything that one judged scan changes; committed together. */
export type JudgementCommit = {
  scanId: number;
  groupId: number;
  at: number;
  /** The scan's new status; refused (false) unless it is `judging`, so that a scan is judged once. */
  status: 'done' | 'cancelled';
  finishedAt: number;
  coverage: Coverage;
  /** What it saw, for display; absent where nothing was read. */
  seen?: Seen;
  /** Its `hosts`, if they are not in it. */
  packedSeen?: PackedList;
  group: Memory;
  /** The version of the belief by which it was judged; throws BeliefChanged when there is a newer one. */
  basis?: number;
  hosts: readonly HostState[];
  /** What to keep about those that are steady from now on; nothing is kept about the others. */
  steady?: ReadonlyMap<string, string>;
  /** More hosts, written in turn: a large judgement is never in memory as a whole. */
  slices?: AsyncIterable<HostSlice>;
  /** Steady hosts that were not judged, and whose code is `unchanged` from now on. */
  settled?: readonly string[];
  /** The ports whose identity it read, when that was requested, and from where; absent where it is not recorded. */
  identified?: { askedAt: number; site: string; hosts: readonly HostPorts[] };
  firstDetermined: readonly FirstDetermined[];
  /** More of them, which come first. */
  packedFirst?: readonly PackedList[];
  /** In the order of their future ids. */
  newDeltas: ReadonlyMap<TemporaryId, NewDelta>;
  changedDeltas: readonly (Partial<Delta> & { id: number })[];
  /** The deltas of this scan's alert. Without deltas there is none. */
  alert?: {
    /** The scan of the alert: the commit's own, or the one that a confirmation belongs to. */
    scanId: number;
    /** Join this alert instead of opening one. */
    alertId?: number | undefined;
    previousId?: number | undefined;
    /** For an alert that it opens. */
    thread: ThreadShape;
    deltas: readonly DeltaRef[];
  };
  /**
   * Further turns of a delta that is already reported: counted there, and part of it from now on. `line`: it is in the
   * same alert, but has a line of its own.
   */
  repeats: readonly { deltaId: number; by: DeltaRef; line?: boolean }[];
  /** Expected changes that happened; `met`: nothing more is expected; `answer` is the answer of their delta. */
  expectationsMet: readonly {
    delta: DeltaRef;
    expectationId: number;
    met: boolean;
    answer?: Exclude<Acknowledgement, { type: 'open' }>;
  }[];
  /**
   * The unsent messages that announce it (outbox), as by `want`, in this order. `alertId` absent: this commit's alert.
   * A message about a host or a kind goes into the thread of the same alert's message in the same channel.
   */
  announce: readonly { alertId?: number; about: AlertPart; channel: ChannelRef }[];
  /** Messages that this changes, as by `touch`. */
  touch: readonly MessageSubject[];
  /** Messages in addition to the alert's, as by `want`. */
  want?: readonly { subject: MessageSubject; channel: ChannelRef }[];
  /** Settings to store; one without a value is deleted. */
  settings?: readonly { key: string; value?: string }[];
};

export type AlertPart =
  | { type: 'alert' }
  | { type: 'alert-host'; host: string }
  | { type: 'alert-kind'; kind: DeltaKind }
  /** A reply that is never edited. */
  | { type: 'notice'; card: Card };

/** Another bot has judged the same group meanwhile: nothing was written, and the scan must be judged again. */
export class BeliefChanged extends Error {
  constructor(groupId: number) {
    super(`the belief of group ${groupId} was changed meanwhile`);
    this.name = 'BeliefChanged';
  }
}
