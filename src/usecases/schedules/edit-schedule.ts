import { defined } from '../../core/defined.ts';
import type { Schedule, ScheduledReport } from '../../core/model/schedule.ts';
import { parseWhen } from '../../core/time/when.ts';
import { checkZone } from '../../core/time/zone.ts';
import { refuseSame, type ScheduleDeps } from './add-schedule.ts';

/**
 * Changes only what is named. Runs that were due by the old rule count as run, so that none is made up. Throws
 * UserError.
 */
export async function editSchedule(
  deps: ScheduleDeps,
  schedule: Schedule,
  change: { phrase?: string; zone?: string; profile?: string; report?: ScheduledReport; now: number },
): Promise<Schedule> {
  const zone = checkZone(change.zone ?? schedule.zone);
  const phrase = change.phrase ?? schedule.phrase;
  const { profile, report, now } = change;
  const edit = { phrase, zone, when: parseWhen(phrase, zone, now), ...defined({ profile, report }) };
  await refuseSame(deps.store, { ...schedule, ...edit });
  const edited = await deps.store.schedules.edit(schedule.id, { ...edit, lastDueAt: now, activeSince: now });
  await deps.schedulesChanged();
  return edited;
}
