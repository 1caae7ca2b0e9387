import type { FirstDetermined } from '../core/model/judgement.ts';
import type { SeenHost } from '../core/model/scan.ts';
import type { HostState, Memory } from '../core/model/state.ts';
import type { HostOutline } from '../ports/store.ts';
import type { ChunksToJudge, JudgedChunks } from '../usecases/judging/judge-chunks.ts';

/**
 * What goes to the thread: the outline of the group in slices, then what is to be judged, then what is believed of the
 * hosts that it asks for, in slices: no single message keeps the sender busy for long.
 */
export type ToThread =
  | { type: 'outline'; hosts: readonly (readonly [address: string, outline: HostOutline])[] }
  | { type: 'judge'; group: Memory; work: ChunksToJudge }
  | { type: 'hosts'; hosts: readonly HostState[] }
  | { type: 'all-hosts' };

/** What comes back: which hosts it needs; then the changed states and other long lists in slices, and the rest. */
export type FromThread =
  | { type: 'need'; addresses: readonly string[] }
  | { type: 'hosts'; hosts: readonly HostState[] }
  | { type: 'first'; first: readonly FirstDetermined[] }
  | { type: 'seen'; seen: readonly SeenHost[] }
  | { type: 'steady'; steady: readonly (readonly [address: string, text: string])[] }
  | { type: 'judged'; judged: JudgedChunks }
  | { type: 'nothing' }
  | { type: 'failed'; message: string; stack: string };

export const SLICE = 1_000;

export function* slices<T>(items: readonly T[]): Generator<readonly T[], void, undefined> {
  for (let at = 0; at < items.length; at += SLICE) yield items.slice(at, at + SLICE);
}
