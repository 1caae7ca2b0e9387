import type { Group } from '../../core/model/group.ts';
import type { PrincipalKey } from '../../core/model/principal.ts';
import type { Scan } from '../../core/model/scan.ts';
import type { Schedule } from '../../core/model/schedule.ts';
import type { ScheduleDeps } from './add-schedule.ts';

/** Pauses or resumes one schedule. Runs that fell due while it was paused were not missed, and are not made up. */
export async function setScheduleStatus(
  deps: ScheduleDeps,
  schedule: Schedule,
  status: Schedule['status'],
  now: number,
): Promise<Schedule> {
  const due = status === 'active' && schedule.status === 'paused' ? { lastDueAt: now, activeSince: now } : {};
  const edited = await deps.store.schedules.edit(schedule.id, { status, ...due });
  await deps.schedulesChanged();
  return edited;
}

/** Pauses a group together with its schedules. Waiting scans are dropped and returned; a running one is completed. */
export async function pauseGroup(
  deps: ScheduleDeps & { cancelScan(scanId: number, by: PrincipalKey): Promise<boolean> },
  group: Group,
  by: PrincipalKey,
): Promise<{ dropped: Scan[]; running: Scan[] }> {
  await deps.store.groups.setStatus(group.id, 'paused');
  await deps.schedulesChanged();
  const waiting = await deps.store.scans.list({ groupId: group.id, statuses: ['queued'] }, ALL);
  for (const scan of waiting.items) await deps.cancelScan(scan.id, by);
  const running = await deps.store.scans.list({ groupId: group.id, statuses: ['running'] }, ALL);
  return { dropped: waiting.items.filter((scan) => scan.kind === 'scan'), running: running.items };
}

const ALL = { limit: 100, offset: 0 };

/** Runs that fell due while it was paused were not missed. */
export async function resumeGroup(deps: ScheduleDeps, group: Group, now: number): Promise<void> {
  if (group.status === 'paused') {
    for (const { id } of await deps.store.schedules.list(group.id)) {
      await deps.store.schedules.edit(id, { lastDueAt: now, activeSince: now });
    }
  }
  await deps.store.groups.setStatus(group.id, 'active');
  await deps.schedulesChanged();
}
