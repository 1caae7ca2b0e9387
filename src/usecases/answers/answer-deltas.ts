import type { Acknowledgement, Delta } from '../../core/model/alert.ts';
import { KINDS } from '../../core/model/delta-kinds.ts';
import type { PrincipalKey } from '../../core/model/principal.ts';
import type { Store } from '../../ports/store.ts';
import { isTrue } from '../holds/still-so.ts';
import { readStories } from '../judging/story.ts';
import { withAnsweredContents, withContents } from './contents.ts';

export type AnswerDeps = { store: Store; wake(): void };
/**
 * Brings the belief in line with whether a delta is a false alarm. Must be the only writer of the group's belief
 * meanwhile.
 */
export type SettleDeps = { settleFalseAlarm(deltaId: number, now: number): Promise<void> };
export type Answer = Exclude<Acknowledgement, { type: 'open' }>;

/**
 * Answers the deltas that are open; the others keep their answer. Every message that shows one of them is edited, on
 * all platforms. Idempotent: a second click changes nothing. The belief learns from false alarms once they are settled.
 */
export async function answerDeltas(
  deps: AnswerDeps,
  asked: readonly Delta[],
  answer: Answer,
): Promise<{ changed: Delta[]; kept: Delta[] }> {
  const deltas = await withContents(deps.store, asked);
  const ids = await deps.store.deltas.acknowledge(
    deltas.map((delta) => delta.id),
    answer,
  );
  return await answered(deps, deltas, ids);
}

/** Takes answers back, and undoes what the belief has learnt from them. */
export async function undoAnswers(
  deps: AnswerDeps & SettleDeps,
  asked: readonly Delta[],
  by: { by: PrincipalKey; byName: string; at: number },
): Promise<{ changed: Delta[]; kept: Delta[] }> {
  const deltas = await withAnsweredContents(deps.store, asked);
  const ids = deltas.map((delta) => delta.id);
  const undone = await answered(deps, deltas, await deps.store.deltas.undo(ids, by));
  for (const { id, acknowledgement } of undone.changed) {
    if (acknowledgement.type === 'false-alarm') await deps.settleFalseAlarm(id, by.at);
  }
  await endWhatIsOver(deps.store, undone.changed, by.at);
  return undone;
}

/**
 * Answers deltas as false alarms, and lets the judge learn from each of them once. A delta that still waits for
 * evidence has alerted nobody and must be reported when the evidence comes, so it is left as it is.
 */
export async function markFalseAlarms(
  deps: AnswerDeps & SettleDeps,
  deltas: readonly Delta[],
  answer: Answer,
): Promise<{ changed: Delta[]; kept: Delta[] }> {
  const told = deltas.filter(isTold);
  const { changed, kept } = await answerDeltas(deps, told, answer);
  for (const delta of changed) await deps.settleFalseAlarm(delta.id, answer.at);
  return { changed, kept: [...kept, ...deltas.filter((delta) => !told.includes(delta))] };
}

const isTold = ({ state }: Delta): boolean => state === 'confirmed' || state === 'suppressed';

/**
 * An answered delta needed no end. It has one by now if the belief has changed, or if the same change has been reported
 * since.
 */
async function endWhatIsOver(store: Store, deltas: readonly Delta[], at: number): Promise<void> {
  const over: Delta[] = [];
  for (const delta of deltas.filter((one) => isTold(one) && one.resolvedAt === undefined)) {
    const state = await store.states.host(delta.groupId, delta.address);
    const untrue = state !== undefined && !isTrue(delta, state);
    if (untrue || (await isToldSince(store, delta))) over.push(delta);
  }
  await store.deltas.resolve(
    over.map(({ id }) => id),
    at,
  );
}

async function answered(
  deps: AnswerDeps,
  deltas: readonly Delta[],
  ids: readonly number[],
): Promise<{ changed: Delta[]; kept: Delta[] }> {
  const changed = deltas.filter((delta) => ids.includes(delta.id));
  deps.wake();
  const kept = await reread(
    deps.store,
    deltas.filter((delta) => !ids.includes(delta.id)),
  );
  return { changed, kept };
}

/** Somebody else may just have answered first. */
async function reread(store: Store, deltas: readonly Delta[]): Promise<Delta[]> {
  if (deltas.length === 0) return [];
  const ids = deltas.map((delta) => delta.id);
  return (await store.deltas.list({ ids }, { limit: ids.length, offset: 0 })).items;
}

/** Kinds without an opposite are reported each time. */
async function isToldSince(store: Store, delta: Delta): Promise<boolean> {
  if (KINDS[delta.kind].undoneBy === undefined) return false;
  const stories = await readStories(store, delta.groupId, [delta]);
  return stories(delta).some(
    (word) => word.id > delta.id && word.kind === delta.kind && word.state !== 'candidate' && word.partOf === undefined,
  );
}
