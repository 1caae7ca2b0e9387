import { defined } from '../../core/defined.ts';
import type { Delta } from '../../core/model/alert.ts';
import { type DeltaSubject, deltaKey, type JudgedDelta } from '../../core/model/delta.ts';
import { type DeltaKind, KINDS } from '../../core/model/delta-kinds.ts';
import { type Fate, type FateContext, fateOf, isForNow, isReportedElsewhere } from '../../core/model/fate.ts';
import { lifeOf } from '../../core/model/life.ts';
import { type Turn, turnOf } from '../../core/model/turn.ts';
import type { Items, Stories } from './story.ts';
import type { ToldThere } from './told-elsewhere.ts';

/** What the group has already reported: everything that the decision needs from the store. */
export type Facts = {
  /** Candidates that still wait, by their key. */
  candidates: ReadonlyMap<string, Delta>;
  stories: Stories;
  /** The items that the latest deltas of these stories continue. */
  items: Items;
  /** The reported deltas of the scans in which these candidates were first seen, by scan. */
  reported: ReadonlyMap<number, readonly Delta[]>;
  /** Where another group has already announced this, in the same channels. */
  toldIn(subject: DeltaSubject): ToldThere | undefined;
};

/** What happens to one judged delta. */
export type Decision = {
  delta: JudgedDelta;
  fate: Fate;
  /** The stored candidate that becomes this delta; without one it is stored as a new delta. */
  candidate: Delta | undefined;
  /** Undefined when it is only recorded. */
  place: Place | undefined;
  /** The alert of another group that reports it, and says that this group has seen it too. */
  seenToo?: number;
};

export type Place =
  /** `previous`: the alert that this one continues; `ends`: the reported item that it ends. */
  | { in: 'own-alert'; previous: number | undefined; ends?: Ended }
  /**
   * The thread in which it continues: as a turn of the item there (gone again, back again), or as a line of its own;
   * `hidden`: it is only counted there.
   */
  | { in: 'open-thread'; alert: number; repeats: Delta; turn: Turn | undefined; hidden: boolean }
  /** It ends an item that was never announced, so its end is not announced either. */
  | { in: 'item'; repeats: Delta; turn: Turn }
  /** It is a change of its own and held back; what was reported before is over all the same. */
  | { in: 'record'; ends: Ended };

export type Ended = { item: Delta; turn: Pick<Turn, 'now' | 'resolvedAt'> };

type Context = Omit<FateContext, 'toldIn'>;

/** One decision for each delta that is worth storing, in order. Pure. */
export function decide(deltas: readonly JudgedDelta[], facts: Facts, context: Context): Decision[] {
  const appeared = new Set(deltas.flatMap(({ kind, address }) => (kind === 'host-appeared' ? [address] : [])));
  return deltas.flatMap((delta): Decision[] => {
    const candidate = facts.candidates.get(deltaKey(delta));
    if (candidate === undefined && delta.state === 'refuted') return [];
    const there = delta.state === 'confirmed' ? facts.toldIn(delta) : undefined;
    const fate = fateOf(delta, { ...context, appeared, toldIn: there?.group });
    if (delta.state !== 'confirmed') return [{ delta, fate, candidate, place: undefined }];
    const seenToo = fate.heldBack !== undefined && isReportedElsewhere(fate.heldBack) ? there?.alert : undefined;
    return [{ delta, candidate, ...defined({ seenToo }), ...placed({ delta, candidate }, fate, facts, context) }];
  });
}

type Judged = Pick<Decision, 'delta' | 'candidate'>;

/** Where it is announced, if it is; the item it ends is over either way. */
function placed(
  { delta, candidate }: Judged,
  fate: Fate,
  facts: Facts,
  context: Context,
): Pick<Decision, 'fate' | 'place'> {
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
  // An expected change does not reopen a delta that waits for an answer: it has an answer of its own.
  const joins = fate.expectation !== undefined && turn?.resolvedAt === undefined ? undefined : turn;
  const alike = item === undefined && fate.expectation === undefined ? sameChange(delta, candidate, facts) : undefined;
  const place = alike ?? placeOf(delta, item, joins, facts, context);
  return { fate: place.in === 'open-thread' && place.hidden ? hide(fate, place) : fate, place };
}

/** The same change was reported for other hosts in the scan that first doubted this one: it belongs to their alert. */
function sameChange(delta: JudgedDelta, candidate: Delta | undefined, { reported }: Facts): Place | undefined {
  const isAlike = ({ kind, port, protocol }: DeltaSubject): boolean =>
    kind === delta.kind && port === delta.port && protocol === delta.protocol;
  const first = candidate === undefined ? [] : (reported.get(candidate.scanId) ?? []);
  const alike = first.find((one) => isAlike(one) && lifeOf(one) === 'open');
  if (alike?.alertId === undefined) return undefined;
  return { in: 'open-thread', alert: alike.alertId, repeats: alike, turn: undefined, hidden: false };
}

/** Its message says so, and nobody is pinged. */
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

/** The item that this change may continue: the latest one that was reported, held back for a while, or answered. */
function itemOf({ kind, ...delta }: JudgedDelta, { stories, items }: Facts): Delta | undefined {
  const latest = stories({ ...delta, kind }).find((word) => arePair(word.kind, kind) && isItem(word));
  return latest?.partOf === undefined ? latest : (items.get(latest.partOf) ?? latest);
}

function arePair(one: DeltaKind, other: DeltaKind): boolean {
  return one === other || KINDS[one].undoneBy === other || KINDS[other].undoneBy === one;
}

function isItem({ kind, state, alertId, heldBack, partOf, acknowledgement }: Delta): boolean {
  if (state === 'candidate') return false;
  // The group that reported a host as down reports that it is back; any other end may be news to that group.
  const there = kind === 'host-down' && heldBack !== undefined && isReportedElsewhere(heldBack);
  const held = there || (heldBack !== undefined && isForNow(heldBack));
  return alertId !== undefined || partOf !== undefined || held || acknowledgement.type !== 'open';
}

function hide(fate: Fate, { repeats }: { repeats: Delta }): Fate {
  return { ...fate, state: 'suppressed', heldBack: `repeats delta #${repeats.id}` };
}
