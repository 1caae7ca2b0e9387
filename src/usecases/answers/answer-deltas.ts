import type { Acknowledgement, Delta } from '../../core/model/alert.ts';
import type { PrincipalKey } from '../../core/model/principal.ts';
import type { MessageSubject } from '../../ports/message.ts';
import type { Store } from '../../ports/store.ts';

export type AnswerDeps = { store: Store; wake(): void };
export type Answer = Exclude<Acknowledgement, { type: 'open' }>;

/**
 * Answers those that are open; the others keep the answer they have. Every message that shows one of them is edited,
 * on all platforms. Idempotent: a second click changes nothing.
 */
export async function answerDeltas(
  deps: AnswerDeps,
  deltas: readonly Delta[],
  answer: Answer,
): Promise<{ changed: Delta[]; kept: Delta[] }> {
  const ids = await deps.store.deltas.acknowledge(
    deltas.map((delta) => delta.id),
    answer,
  );
  return await told(deps, deltas, ids);
}

/** Takes answers back, and what the judge's belief has learnt from them. */
export async function undoAnswers(
  deps: AnswerDeps & { falseAlarmUndone(deltaId: number, now: number): Promise<void> },
  deltas: readonly Delta[],
  by: { by: PrincipalKey; byName: string; at: number },
): Promise<{ changed: Delta[]; kept: Delta[] }> {
  const ids = deltas.map((delta) => delta.id);
  const undone = await told(deps, deltas, await deps.store.deltas.undo(ids, by));
  for (const { id, acknowledgement } of undone.changed) {
    if (acknowledgement.type === 'false-alarm') await deps.falseAlarmUndone(id, by.at);
  }
  return undone;
}

async function told(
  deps: AnswerDeps,
  deltas: readonly Delta[],
  ids: readonly number[],
): Promise<{ changed: Delta[]; kept: Delta[] }> {
  const changed = deltas.filter((delta) => ids.includes(delta.id));
  await deps.store.messages.touch(subjectsOf(changed));
  deps.wake();
  const kept = await reread(
    deps.store,
    deltas.filter((delta) => !ids.includes(delta.id)),
  );
  return { changed, kept };
}

/** Who was first may have answered just now. */
async function reread(store: Store, deltas: readonly Delta[]): Promise<Delta[]> {
  if (deltas.length === 0) return [];
  const ids = deltas.map((delta) => delta.id);
  return (await store.deltas.list({ ids }, { limit: ids.length, offset: 0 })).items;
}

/** Every message that shows one of them. */
export function subjectsOf(deltas: readonly Delta[]): MessageSubject[] {
  const subjects = new Map<string, MessageSubject>();
  for (const { alertId: alert, address: host, kind } of deltas) {
    if (alert === undefined) continue;
    for (const subject of [
      { type: 'alert' as const, alert },
      { type: 'alert-host' as const, alert, host },
      { type: 'alert-kind' as const, alert, kind },
    ]) {
      subjects.set(JSON.stringify(subject), subject);
    }
  }
  return [...subjects.values()];
}
