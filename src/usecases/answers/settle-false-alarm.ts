import { correctFalseAlarm } from '../../core/judge/false-alarm.ts';
import { type Overwritten, overwrittenBy, undoFalseAlarm } from '../../core/judge/undo-false-alarm.ts';
import type { Delta } from '../../core/model/alert.ts';
import { type Store, UNSETTLED } from '../../ports/store.ts';

const keyOf = (id: number): string => `false-alarm:${id}`;

/**
 * Brings the belief in line with the answer to a delta. If a user marked it as a false alarm, the belief learns that
 * this host or service can look changed when it is not, so that the same evidence weighs less from now on; what this
 * overwrites is kept. If the answer was taken back, the lesson is undone too. Idempotent. The caller must be the only
 * writer of the group's belief meanwhile.
 */
export async function settleFalseAlarm(store: Store, id: number, at: number): Promise<void> {
  const delta = await store.deltas.byId(id);
  if (delta === undefined) return;
  const settled = { key: `${UNSETTLED}${id}` };
  const kept = await store.settings.get(keyOf(id));
  const isFalse = delta.acknowledgement.type === 'false-alarm';
  if (isFalse === (kept !== undefined)) {
    // Answered, stopped before the correction, and then answered differently.
    await store.settings.set(settled.key, undefined);
    return;
  }
  await store.deltas.refute(await doubtsOf(store, delta));
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

/** What was doubted about the same host or service, by a belief that is about to be replaced. */
async function doubtsOf({ deltas }: Store, { groupId, address, protocol, port }: Delta): Promise<number[]> {
  return (await deltas.openCandidates(groupId))
    .filter((one) => one.address === address && one.protocol === protocol && one.port === port)
    .map(({ id }) => id);
}

/** The deltas whose answer the belief has not learnt yet, because NetDelta was stopped in between. */
export async function unsettledAnswers(store: Store): Promise<number[]> {
  return [...(await store.settings.under(UNSETTLED)).keys()].map((key) => Number(key.slice(UNSETTLED.length)));
}
