import { correctFalseAlarm } from '../../core/judge/false-alarm.ts';
import { type Overwritten, overwrittenBy, undoFalseAlarm } from '../../core/judge/undo-false-alarm.ts';
import type { Delta } from '../../core/model/alert.ts';
import type { Store } from '../../ports/store.ts';

const keyOf = (delta: Delta): string => `false-alarm:${delta.id}`;

/**
 * A user says that a delta was none: the belief learns that this host or service looks changed when it is not, so that the
 * same evidence weighs less from now on. What that writes over is kept. Its caller must be the only writer of the group's
 * belief meanwhile.
 */
export async function recordFalseAlarm(store: Store, id: number, at: number): Promise<void> {
  const delta = await store.deltas.byId(id);
  if (delta?.acknowledgement.type !== 'false-alarm') return;
  const belief = await store.states.load(delta.groupId);
  const settings = [{ key: keyOf(delta), value: JSON.stringify(overwrittenBy(belief, delta)) }];
  await store.states.correct(delta.groupId, {
    ...correctFalseAlarm(belief, delta),
    at,
    why: `delta ${id} was a false alarm`,
    settings,
    basis: belief.version,
  });
}

/** The answer was taken back: so is what the belief has learnt from it. The same holds for its caller. */
export async function forgetFalseAlarm(store: Store, id: number, at: number): Promise<void> {
  const delta = await store.deltas.byId(id);
  if (delta === undefined || delta.acknowledgement.type === 'false-alarm') return;
  const kept = await store.settings.get(keyOf(delta));
  if (kept === undefined) return;
  const before: Overwritten = JSON.parse(kept);
  const belief = await store.states.load(delta.groupId);
  const settings = [{ key: keyOf(delta) }];
  await store.states.correct(delta.groupId, {
    ...undoFalseAlarm(belief, delta, before),
    at,
    why: `delta ${id} was no false alarm`,
    settings,
    basis: belief.version,
  });
}
