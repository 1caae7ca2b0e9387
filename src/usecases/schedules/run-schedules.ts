import type { Inline } from '../../cards/card.ts';
import { UserError } from '../../core/errors.ts';
import type { Group } from '../../core/model/group.ts';
import type { Schedule, When } from '../../core/model/schedule.ts';
import { lastDue, nextRuns } from '../../core/time/runs.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { ScheduleTimer, TimedSchedule } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';
import { type NoticeDeps, tellGroup } from '../delivery/notices.ts';
import type { ScanRequest } from '../scanning/request-scan.ts';

export type ScheduleDeps = NoticeDeps & {
  clock: Clock;
  log: Log;
  requestScan(request: ScanRequest): Promise<unknown>;
};

/** Gives the timer the schedules of SQL: those that are active, of groups that are. */
export async function syncSchedules(deps: { store: Store; timer: ScheduleTimer }): Promise<void> {
  const schedules = await deps.store.schedules.list();
  const active = schedules.filter((schedule) => schedule.status === 'active');
  await deps.timer.sync(active.map(timed));
}

function timed(schedule: Schedule): TimedSchedule {
  const { when } = schedule;
  const trigger =
    when.type === 'cron' ? { cron: when.expression, zone: when.zone } : { everyMs: when.ms, anchor: when.anchor };
  return { id: schedule.id, trigger };
}

/** When a trigger fires next after `after`; the rule that users were told, for the timer to follow. */
export function nextDue(trigger: TimedSchedule['trigger'], after: number): number | undefined {
  const when: When =
    'cron' in trigger
      ? { type: 'cron', expression: trigger.cron, zone: trigger.zone }
      : { type: 'every', ms: trigger.everyMs, anchor: trigger.anchor };
  return nextRuns(when, after, 1)[0];
}

/** A schedule is due. Told again for the same time, it does nothing. */
export async function runDue(deps: ScheduleDeps, scheduleId: number, dueAt: number): Promise<void> {
  const schedule = await deps.store.schedules.byId(scheduleId);
  const group = schedule === undefined ? undefined : await deps.store.groups.byId(schedule.groupId);
  if (schedule === undefined || group === undefined || schedule.status === 'paused') return;
  if (schedule.lastDueAt === dueAt || isPast(schedule.lastDueAt, dueAt, deps.clock.now())) return;
  if (group.status === 'active') await start(deps, schedule, group, false);
  await deps.store.schedules.edit(scheduleId, { lastDueAt: dueAt });
}

/** A last run that lies ahead is of a clock that was wrong: it must not keep the schedule silent until then. */
function isPast(lastDueAt: number | undefined, dueAt: number, now: number): boolean {
  return lastDueAt !== undefined && lastDueAt > dueAt && lastDueAt <= now;
}

async function start(deps: ScheduleDeps, schedule: Schedule, group: Group, late: boolean): Promise<void> {
  const refused = {
    key: `not-started:${schedule.id}`,
    before: await deps.store.settings.get(`not-started:${schedule.id}`),
  };
  try {
    await deps.requestScan({
      group,
      origin: { type: 'schedule', schedule: schedule.id, ...(late ? { late } : {}) },
      ...(schedule.profile === undefined ? {} : { profile: schedule.profile }),
    });
    if (refused.before) await deps.store.settings.set(refused.key, '');
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // Once for a row of the same: every five minutes it would bury the alerts.
    if (refused.before === error.message) return;
    const lines = [
      error.message,
      ...(error.hint === undefined ? [] : error.hint.split('\n')),
      'The same in a row is not told again.',
    ];
    const title = `${group.name}: the scheduled scan could not start`;
    await tellGroup(deps, group, { title, tone: 'error', lines, at: deps.clock.now() });
    await deps.store.settings.set(refused.key, error.message);
  }
}

/**
 * At start: a run missed while NetDelta was off is made up once when it is at most the group's `catch-up` late;
 * one that is later is told, not run.
 */
export async function catchUp(deps: ScheduleDeps): Promise<void> {
  const now = deps.clock.now();
  for (const schedule of await deps.store.schedules.list()) {
    const due = schedule.status === 'active' ? lastDue(schedule.when, now) : undefined;
    if (due === undefined || due <= (schedule.lastDueAt ?? schedule.createdAt)) continue;
    const group = await deps.store.groups.byId(schedule.groupId);
    if (group?.status === 'active') await makeUp(deps, schedule, group, due, now);
    await deps.store.schedules.edit(schedule.id, { lastDueAt: due });
  }
}

async function makeUp(deps: ScheduleDeps, schedule: Schedule, group: Group, due: number, now: number): Promise<void> {
  const late = now - due <= group.catchUpMs;
  deps.log.info({ schedule: schedule.id, group: group.name, made_up: late }, 'a schedule was missed');
  const missed: Inline[] = [
    { type: 'text', text: `The run of ${schedule.phrase} at ` },
    { type: 'time', at: due, style: 'datetime' },
    { type: 'text', text: ' was missed while NetDelta was off. ' },
    { type: 'text', text: late ? 'It is made up now.' : 'It is too late to make it up; the next one runs as planned.' },
  ];
  await tellGroup(deps, group, { title: `${group.name}: a scan was missed`, tone: 'info', lines: [missed], at: now });
  if (late) await start(deps, schedule, group, true);
}
