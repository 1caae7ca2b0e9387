import type { Delta } from '../../core/model/alert.ts';
import { type DeltaSubject, deltaKey, type JudgedDelta } from '../../core/model/delta.ts';
import { type Fate, type FateContext, fateOf } from '../../core/model/fate.ts';
import type { Stories } from './story.ts';

/** What the group has said before: all that deciding needs of the store. */
export type Facts = {
  /** Candidates that still wait, by their key. */
  candidates: ReadonlyMap<string, Delta>;
  stories: Stories;
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
  /** `previous`: the closed alert that told this story before. */
  | { in: 'own-alert'; previous: number | undefined }
  /** The thread that is still open for this story; `hidden`: counted there, and no more. */
  | { in: 'open-thread'; alert: number; repeats: Delta; hidden: boolean };

/** One decision for each delta that is worth storing, in their order. Pure. */
export function decide(deltas: readonly JudgedDelta[], facts: Facts, context: Omit<FateContext, 'toldIn'>): Decision[] {
  return deltas.flatMap((delta): Decision[] => {
    const candidate = facts.candidates.get(deltaKey(delta));
    if (candidate === undefined && delta.state === 'refuted') return [];
    const toldIn = delta.state === 'confirmed' ? facts.toldIn(delta) : undefined;
    const fate = fateOf(delta, { ...context, toldIn });
    if (fate.state !== 'confirmed') return [{ delta, fate, candidate, place: undefined }];
    const place = placeOf(delta, facts.stories, context.policy.hideRepeats);
    return [{ delta, fate: place.in === 'open-thread' && place.hidden ? hide(fate, place) : fate, candidate, place }];
  });
}

function placeOf(delta: JudgedDelta, stories: Stories, hideRepeats: boolean): Place {
  const earlier = stories(delta).find(({ alertId }) => alertId !== undefined);
  if (earlier?.alertId === undefined) return { in: 'own-alert', previous: undefined };
  if (earlier.acknowledgement.type !== 'open') return { in: 'own-alert', previous: earlier.alertId };
  const hidden = hideRepeats && earlier.kind === delta.kind;
  return { in: 'open-thread', alert: earlier.alertId, repeats: earlier, hidden };
}

function hide(fate: Fate, { repeats }: { repeats: Delta }): Fate {
  return { ...fate, state: 'suppressed', heldBack: `repeats delta ${repeats.id}` };
}
