import { defined } from '../../core/defined.ts';
import type { Schedule } from '../../core/model/schedule.ts';
import { parseWhen } from '../../core/time/when.ts';
import { checkZone } from '../../core/time/zone.ts';
import type { ScheduleDeps } from './add-schedule.ts';

/** What is not named stays. What was due by the old rule counts as run, so that nothing is made up. Throws UserError. */
export async function editSchedule(
  deps: ScheduleDeps,
  schedule: Schedule,
  change: { phrase?: string; zone?: string; profile?: string; now: number },
): Promise<Schedule> {
  const zone = checkZone(change.zone ?? schedule.zone);
  const phrase = change.phrase ?? schedule.phrase;
  const edited = await deps.store.schedules.edit(schedule.id, {
    phrase,
    zone,
    when: parseWhen(phrase, zone, change.now),
    lastDueAt: change.now,
    activeSince: change.now,
    ...defined({ profile: change.profile }),
  });
  await deps.schedulesChanged();
  return edited;
}
