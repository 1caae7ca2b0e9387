import type { FirstDetermined, Judgement } from '../core/model/judgement.ts';
import type { Coverage, Seen, SeenHost } from '../core/model/scan.ts';
import type { HostState, Memory } from '../core/model/state.ts';
import type { ChunksToJudge } from '../usecases/judging/judge-chunks.ts';

/** What goes to the thread: the belief in slices, so that no single message keeps the sender busy for long. */
export type ToThread =
  | { type: 'hosts'; hosts: readonly HostState[] }
  | { type: 'judge'; group: Memory; work: ChunksToJudge };

/** What comes back: the changed states and what was seen and first determined in slices, then the rest. */
export type FromThread =
  | { type: 'hosts'; hosts: readonly HostState[] }
  | { type: 'first'; first: readonly FirstDetermined[] }
  | { type: 'seen'; seen: readonly SeenHost[] }
  | { type: 'judged'; judgement: Omit<Judgement, 'hosts' | 'firstDetermined'>; coverage: Coverage; seen: Seen }
  | { type: 'nothing' }
  | { type: 'failed'; message: string; stack: string };

export const SLICE = 1_000;

export function* slices<T>(items: readonly T[]): Generator<readonly T[], void, undefined> {
  for (let at = 0; at < items.length; at += SLICE) yield items.slice(at, at + SLICE);
}
