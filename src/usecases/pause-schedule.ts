import type { Group } from '../core/group.ts';
import type { Schedule } from '../core/schedule.ts';
import type { ScheduleDeps } from './add-schedule.ts';

/** Pauses or resumes one schedule. What fell due while it was paused was not missed, and is not made up. */
export async function setScheduleStatus(
  deps: ScheduleDeps,
  schedule: Schedule,
  status: Schedule['status'],
  now: number,
): Promise<Schedule> {
  const due = status === 'active' && schedule.status === 'paused' ? { lastDueAt: now } : {};
  const edited = await deps.store.schedules.edit(schedule.id, { status, ...due });
  await deps.schedulesChanged();
  return edited;
}

/** Pauses or resumes a group, and with it its schedules. */
export async function setGroupStatus(
  deps: ScheduleDeps,
  group: Group,
  status: Group['status'],
  now: number,
): Promise<void> {
  if (status === 'active' && group.status === 'paused') {
    for (const { id } of await deps.store.schedules.list(group.id)) {
      await deps.store.schedules.edit(id, { lastDueAt: now });
    }
  }
  await deps.store.groups.setStatus(group.id, status);
  await deps.schedulesChanged();
}
