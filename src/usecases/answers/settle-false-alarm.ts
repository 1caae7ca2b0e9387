import { correctFalseAlarm } from '../../core/judge/false-alarm.ts';
import { type Overwritten, overwrittenBy, undoFalseAlarm } from '../../core/judge/undo-false-alarm.ts';
import { type Store, UNSETTLED } from '../../ports/store.ts';

const keyOf = (id: number): string => `false-alarm:${id}`;

/**
 * Brings the belief in line with the answer to a delta. A user says that it was a false alarm: the belief learns that this
 * host or service looks changed when it is not, so that the same evidence weighs less from now on; what that writes over
 * is kept. The answer was taken back: so is what the belief has learnt from it. Idempotent. Its caller must be the only
 * writer of the group's belief meanwhile.
 */
export async function settleFalseAlarm(store: Store, id: number, at: number): Promise<void> {
  const delta = await store.deltas.byId(id);
  if (delta === undefined) return;
  const settled = { key: `${UNSETTLED}${id}` };
  const kept = await store.settings.get(keyOf(id));
  const isFalse = delta.acknowledgement.type === 'false-alarm';
  if (isFalse === (kept !== undefined)) {
    // Answered, stopped before the correction, and answered otherwise.
    await store.settings.set(settled.key, undefined);
    return;
  }
  const belief = await store.states.load(delta.groupId);
  if (kept === undefined) {
    await store.states.correct(delta.groupId, {
      ...correctFalseAlarm(belief, delta),
      at,
      why: `delta ${id} was a false alarm`,
      settings: [{ key: keyOf(id), value: JSON.stringify(overwrittenBy(belief, delta)) }, settled],
      basis: belief.version,
    });
    return;
  }
  const before: Overwritten = JSON.parse(kept);
  await store.states.correct(delta.groupId, {
    ...undoFalseAlarm(belief, delta, before),
    at,
    why: `delta ${id} was no false alarm`,
    settings: [{ key: keyOf(id) }, settled],
    basis: belief.version,
  });
}

/** The deltas whose answer the belief does not know yet: NetDelta was stopped in between. */
export async function unsettledAnswers(store: Store): Promise<number[]> {
  return (await store.settings.keys(UNSETTLED)).map((key) => Number(key.slice(UNSETTLED.length)));
}
