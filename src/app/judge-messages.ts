import type { HostState, Memory } from '../core/model/state.ts';
import type { HostOutline } from '../ports/store.ts';
import type { ChunksToJudge, JudgedChunks, PackedSlice } from '../usecases/judging/chunks-to-judge.ts';

/**
 * Messages to the thread: the outline of the group in slices, then what to judge, then the belief about the hosts that
 * it requests, in slices: no single message keeps the sender busy for long.
 */
export type ToThread =
  | { type: 'outline'; hosts: readonly (readonly [address: string, outline: HostOutline])[] }
  | { type: 'judge'; group: Memory; work: ChunksToJudge }
  | { type: 'hosts'; hosts: readonly HostState[] }
  | { type: 'all-hosts' };

/** Messages back: the hosts it needs; then the judged hosts in slices, and the rest. */
export type FromThread =
  | { type: 'need'; addresses: readonly string[] }
  | { type: 'slice'; slice: PackedSlice }
  /** The slices so far do not count. */
  | { type: 'clear' }
  | { type: 'judged'; judged: JudgedChunks }
  | { type: 'nothing' }
  | { type: 'failed'; message: string; stack: string };

export const SLICE = 1_000;

export function* inSlices<T>(items: readonly T[]): Generator<readonly T[], void, undefined> {
  for (let at = 0; at < items.length; at += SLICE) yield items.slice(at, at + SLICE);
}
