import type { Delta } from './alert.ts';
import { type DeltaKind, KINDS } from './delta-kinds.ts';

/** What a later change makes of a delta that is reported already: one item, not two. */
export type Turn = {
  now: { kind: DeltaKind; at: number };
  /** It ends what was reported: what appeared is gone, what was lost is back. */
  resolvedAt?: number;
  /** The change is also news of its own, in an alert of its own. */
  separate: boolean;
};

/** So long after it, the end of what appeared is a loss of something that belonged there: news of its own. */
export const LONG_MS = 7 * 24 * 3_600_000;

/** Kinds that report a loss: their end is good news whenever it comes. */
const LOSSES: readonly DeltaKind[] = ['host-down', 'service-removed', 'target-removed'];

/** How a further change of the same story joins `told`; undefined when it has nothing to do with it. */
export function turnOf(told: Delta, kind: DeltaKind, at: number): Turn | undefined {
  if (!isTurn(told, kind)) return undefined;
  const ends = KINDS[told.kind].undoneBy === kind;
  const turn = { now: { kind, at }, ...(ends ? { resolvedAt: at } : {}) };
  if (told.acknowledgement.type === 'open') return openTurn(told, turn, ends);
  const over = told.resolvedAt !== undefined || told.acknowledgement.type === 'false-alarm';
  if (over || !ends) return undefined;
  const good = LOSSES.includes(told.kind);
  if (!good && told.acknowledgement.type === 'expected') return undefined;
  return { ...turn, separate: !good && at - told.at > LONG_MS };
}

/** Nobody has answered: it stays one item, unless it was over for long, or has lasted so long that its end is news. */
function openTurn(told: Delta, turn: Omit<Turn, 'separate'>, ends: boolean): Turn | undefined {
  const { at } = turn.now;
  if (told.resolvedAt !== undefined && at - told.resolvedAt > LONG_MS) return undefined;
  return { ...turn, separate: ends && !LOSSES.includes(told.kind) && at - told.at > LONG_MS };
}

/** The same again, its opposite, or the opposite of what it did last. Kinds without an opposite are news each time. */
function isTurn({ kind: first, now }: Delta, kind: DeltaKind): boolean {
  const { undoneBy } = KINDS[first];
  if (undoneBy === undefined) return false;
  return kind === first || kind === undoneBy || (now !== undefined && KINDS[now.kind].undoneBy === kind);
}
