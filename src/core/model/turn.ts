import type { Delta } from './alert.ts';
import { type DeltaKind, KINDS } from './delta-kinds.ts';

/** How a later change affects a delta that is already reported: one item, not two. */
export type Turn = {
  now: { kind: DeltaKind; at: number };
  /** The change ends what was reported: what appeared is gone, or what was lost is back. */
  resolvedAt?: number;
  /** The change is also reported in an alert of its own. */
  separate: boolean;
};

/**
 * After this long, the disappearance of something that had appeared is a loss of something that belonged there, and
 * reported separately.
 */
export const LONG_MS = 7 * 24 * 3_600_000;

/** Kinds that report a loss: their end is good at any time. */
const LOSSES: readonly DeltaKind[] = ['host-down', 'service-removed', 'target-removed'];

/** How a further change of the same family joins the reported delta `told`; undefined when it does not. */
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

/**
 * Nobody has answered: it stays one item, unless it was over for long, or lasted so long that its end is worth
 * reporting.
 */
function openTurn(told: Delta, turn: Omit<Turn, 'separate'>, ends: boolean): Turn | undefined {
  const { at } = turn.now;
  if (told.resolvedAt !== undefined && at - told.resolvedAt > LONG_MS) return undefined;
  return { ...turn, separate: ends && !LOSSES.includes(told.kind) && at - told.at > LONG_MS };
}

/**
 * The same again, its opposite, or the opposite of its last change. Kinds without an opposite are reported each time.
 */
function isTurn({ kind: first, now }: Delta, kind: DeltaKind): boolean {
  const { undoneBy } = KINDS[first];
  if (undoneBy === undefined) return false;
  return kind === first || kind === undoneBy || (now !== undefined && KINDS[now.kind].undoneBy === kind);
}
