import type { Delta } from '../../core/model/alert.ts';
import { type DeltaSubject, deltaKey, type JudgedDelta } from '../../core/model/delta.ts';
import { type Fate, type FateContext, fateOf } from '../../core/model/fate.ts';
import { lifeOf } from '../../core/model/life.ts';
import { type Turn, turnOf } from '../../core/model/turn.ts';
import type { Items, Stories } from './story.ts';

/** What the group has said before: all that deciding needs of the store. */
export type Facts = {
  /** Candidates that still wait, by their key. */
  candidates: ReadonlyMap<string, Delta>;
  stories: Stories;
  /** What the latest words of these stories are later turns of. */
  items: Items;
  /** The other group that has announced this already in the same channels. */
  toldIn(subject: DeltaSubject): string | undefined;
};

/** What becomes of one judged delta. */
export type Decision = {
  delta: JudgedDelta;
  fate: Fate;
  /** The stored candidate that it was until now; without one it is stored as a new delta. */
  candidate: Delta | undefined;
  /** Undefined where it is recorded only. */
  place: Place | undefined;
};

export type Place =
  /** `previous`: the alert that told this story before; `ends`: what it reported is over by this. */
  | { in: 'own-alert'; previous: number | undefined; ends?: Ended }
  /**
   * The thread that this story goes on in: as a turn of the item there (gone again, back again), or as a line of its
   * own; `hidden`: counted there, and no more.
   */
  | { in: 'open-thread'; alert: number; repeats: Delta; turn: Turn | undefined; hidden: boolean };

export type Ended = { item: Delta; turn: Turn };

/** One decision for each delta that is worth storing, in their order. Pure. */
export function decide(deltas: readonly JudgedDelta[], facts: Facts, context: Omit<FateContext, 'toldIn'>): Decision[] {
  const appeared = new Set(deltas.flatMap(({ kind, address }) => (kind === 'host-appeared' ? [address] : [])));
  return deltas.flatMap((delta): Decision[] => {
    const candidate = facts.candidates.get(deltaKey(delta));
    if (candidate === undefined && delta.state === 'refuted') return [];
    const toldIn = delta.state === 'confirmed' ? facts.toldIn(delta) : undefined;
    const fate = fateOf(delta, { ...context, appeared, toldIn });
    if (fate.state !== 'confirmed') return [{ delta, fate, candidate, place: undefined }];
    const place = placeOf(delta, facts, context);
    return [{ delta, fate: place.in === 'open-thread' && place.hidden ? hide(fate, place) : fate, candidate, place }];
  });
}

function placeOf(delta: JudgedDelta, { stories, items }: Facts, { policy, now }: Omit<FateContext, 'toldIn'>): Place {
  const latest = stories(delta).find(({ alertId }) => alertId !== undefined);
  const item = latest?.partOf === undefined ? latest : (items.get(latest.partOf) ?? latest);
  if (item?.alertId === undefined) return { in: 'own-alert', previous: undefined };
  const turn = turnOf(item, delta.kind, now);
  if (turn?.separate === true) return { in: 'own-alert', previous: item.alertId, ends: { item, turn } };
  if (turn === undefined && lifeOf(item) !== 'open') return { in: 'own-alert', previous: item.alertId };
  const hidden = turn !== undefined && policy.hideRepeats && item.kind === delta.kind;
  return { in: 'open-thread', alert: item.alertId, repeats: item, turn, hidden };
}

function hide(fate: Fate, { repeats }: { repeats: Delta }): Fate {
  return { ...fate, state: 'suppressed', heldBack: `repeats delta #${repeats.id}` };
}
