import type { Delta } from '../core/alert.ts';
import { correctFalseAlarm } from '../core/judge/false-alarm.ts';
import type { Store } from '../ports/store.ts';

/**
 * A user says that a delta was none: the belief learns that this host or service looks changed when it is not, so that the
 * same evidence weighs less from now on. Its scan must be the only writer of the group's belief meanwhile.
 */
export async function recordFalseAlarm(store: Store, delta: Delta, at: number): Promise<void> {
  const belief = await store.states.load(delta.groupId);
  const { hosts, group } = correctFalseAlarm(belief, delta);
  await store.states.correct(delta.groupId, { hosts, group, at });
}
