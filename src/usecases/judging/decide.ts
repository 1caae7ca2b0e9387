import type { Delta } from '../../core/model/alert.ts';
import { type DeltaSubject, deltaKey, type JudgedDelta } from '../../core/model/delta.ts';
import { type DeltaKind, KINDS } from '../../core/model/delta-kinds.ts';
import { type Fate, type FateContext, fateOf, isForNow } from '../../core/model/fate.ts';
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
  | { in: 'open-thread'; alert: number; repeats: Delta; turn: Turn | undefined; hidden: boolean }
  /** It ends an item that nobody was told of: so is nobody of its end. */
  | { in: 'item'; repeats: Delta; turn: Turn }
  /** It is held back, as news of its own; what was reported before is over all the same. */
  | { in: 'record'; ends: Ended };

export type Ended = { item: Delta; turn: Pick<Turn, 'now' | 'resolvedAt'> };

type Context = Omit<FateContext, 'toldIn'>;

/** One decision for each delta that is worth storing, in their order. Pure. */
export function decide(deltas: readonly JudgedDelta[], facts: Facts, context: Context): Decision[] {
  const appeared = new Set(deltas.flatMap(({ kind, address }) => (kind === 'host-appeared' ? [address] : [])));
  return deltas.flatMap((delta): Decision[] => {
    const candidate = facts.candidates.get(deltaKey(delta));
    if (candidate === undefined && delta.state === 'refuted') return [];
    const toldIn = delta.state === 'confirmed' ? facts.toldIn(delta) : undefined;
    const fate = fateOf(delta, { ...context, appeared, toldIn });
    if (delta.state !== 'confirmed') return [{ delta, fate, candidate, place: undefined }];
    return [{ delta, candidate, ...placed(delta, fate, facts, context) }];
  });
}

/** Where it is told, if it is; what it ends is over either way. */
function placed(delta: JudgedDelta, fate: Fate, facts: Facts, context: Context): Pick<Decision, 'fate' | 'place'> {
  const item = itemOf(delta, facts);
  const turn = item === undefined ? undefined : turnOf(item, delta.kind, context.now);
  const ends = item?.resolvedAt === undefined && turn?.resolvedAt !== undefined ? turn : undefined;
  if (fate.state !== 'confirmed') {
    return { fate, place: item === undefined || ends === undefined ? undefined : quietEnd(item, ends) };
  }
  const unheard = item !== undefined && item.state !== 'confirmed' && fate.expectation === undefined;
  if (unheard && ends !== undefined) {
    const heldBack = `ends delta #${item.id}, which was held back`;
    return { fate: { state: 'suppressed', heldBack }, place: quietEnd(item, ends) };
  }
  // What was announced opens nothing again that waits for an answer: it has its own.
  const joins = fate.expectation !== undefined && turn?.resolvedAt === undefined ? undefined : turn;
  const place = placeOf(delta, item, joins, facts, context);
  return { fate: place.in === 'open-thread' && place.hidden ? hide(fate, place) : fate, place };
}

/** Its message says so, and nobody is called. */
function quietEnd(item: Delta, turn: Turn): Place {
  if (turn.separate) return { in: 'record', ends: { item, turn } };
  if (item.alertId === undefined) return { in: 'item', repeats: item, turn };
  return { in: 'open-thread', alert: item.alertId, repeats: item, turn, hidden: true };
}

function placeOf(
  delta: JudgedDelta,
  item: Delta | undefined,
  turn: Turn | undefined,
  { stories }: Facts,
  { policy, now }: Context,
): Place {
  const previous = stories(delta).find(({ alertId }) => alertId !== undefined);
  if (item !== undefined && turn?.separate === false && item.state === 'confirmed' && item.alertId !== undefined) {
    const hidden = policy.hideRepeats && item.kind === delta.kind;
    return { in: 'open-thread', alert: item.alertId, repeats: item, turn, hidden };
  }
  const alone = item === undefined || KINDS[delta.kind].undoneBy === undefined;
  if (alone && previous?.alertId !== undefined && lifeOf(previous) === 'open') {
    return { in: 'open-thread', alert: previous.alertId, repeats: previous, turn: undefined, hidden: false };
  }
  const own = { in: 'own-alert', previous: previous?.alertId } as const;
  return item === undefined || item.resolvedAt !== undefined || KINDS[item.kind].undoneBy !== delta.kind
    ? own
    : { ...own, ends: { item, turn: { now: { kind: delta.kind, at: now }, resolvedAt: now } } };
}

/** What this change may be a later turn of: the latest that was reported, held back for a while, or answered. */
function itemOf({ kind, ...delta }: JudgedDelta, { stories, items }: Facts): Delta | undefined {
  const latest = stories({ ...delta, kind }).find((word) => arePair(word.kind, kind) && isItem(word));
  return latest?.partOf === undefined ? latest : (items.get(latest.partOf) ?? latest);
}

function arePair(one: DeltaKind, other: DeltaKind): boolean {
  return one === other || KINDS[one].undoneBy === other || KINDS[other].undoneBy === one;
}

function isItem({ state, alertId, heldBack, partOf, acknowledgement }: Delta): boolean {
  if (state === 'candidate') return false;
  const held = heldBack !== undefined && isForNow(heldBack);
  return alertId !== undefined || partOf !== undefined || held || acknowledgement.type !== 'open';
}

function hide(fate: Fate, { repeats }: { repeats: Delta }): Fate {
  return { ...fate, state: 'suppressed', heldBack: `repeats delta #${repeats.id}` };
}
