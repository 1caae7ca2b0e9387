import type { Inline } from '../../cards/card.ts';
import { defined } from '../../core/defined.ts';
import { UserError } from '../../core/errors.ts';
import type { Group } from '../../core/model/group.ts';
import type { Route } from '../../core/model/route.ts';
import type { Schedule, ScheduledReport } from '../../core/model/schedule.ts';
import { isSink } from '../../core/platforms.ts';
import { lastDue, nextRuns } from '../../core/time/runs.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { type NoticeDeps, tellGroup } from '../delivery/notices.ts';
import type { ScanRequest } from '../scanning/request-scan.ts';

export type ScheduleDeps = NoticeDeps & {
  clock: Clock;
  log: Log;
  /** Every place of a group's alerts. */
  placesOf(group: Group): Promise<readonly Route[]>;
  requestScan(request: ScanRequest): Promise<unknown>;
};

/** A run that is later than this was held up: that is said. */
const LATE_MS = 120_000;

/**
 * Runs what is due, by what SQL says: nothing is kept elsewhere, so nothing can be lost with it. A run that is late is made
 * up once when it is at most the group's `catch-up` late; one that is later is told, not run. Returns when the next is
 * due. `off`: NetDelta has just started, which is why a run is late. Called again at any time, it runs nothing twice.
 */
export async function runSchedules(deps: ScheduleDeps, options: { off: boolean }): Promise<number | undefined> {
  const nexts: number[] = [];
  for (const schedule of await deps.store.schedules.list()) {
    if (schedule.status !== 'active') continue;
    try {
      await runIfDue(deps, schedule, options.off);
    } catch (error) {
      deps.log.error({ err: error, schedule: schedule.id }, 'a scheduled scan was not requested; it is tried again');
    }
    const [next] = nextRuns(schedule.when, deps.clock.now(), 1);
    if (next !== undefined) nexts.push(next);
  }
  return nexts.length === 0 ? undefined : Math.min(...nexts);
}

async function runIfDue(deps: ScheduleDeps, schedule: Schedule, off: boolean): Promise<void> {
  const now = deps.clock.now();
  const due = lastDue(schedule.when, now);
  const done = schedule.lastDueAt ?? schedule.createdAt;
  if (isAhead(schedule, done, now)) return await setBack(deps, schedule, due);
  if (due === undefined || due <= done) return;
  const group = await deps.store.groups.byId(schedule.groupId);
  if (schedule.report !== undefined && group?.status === 'active')
    return await sendReport(deps, schedule, { group, dueAt: due, report: schedule.report });
  if (group?.status === 'active' && !(await isRequested(deps, schedule, due))) {
    if (off || now - due > LATE_MS) await makeUp(deps, { schedule, group, due, now, off });
    else await start(deps, schedule, group, { dueAt: due });
  }
  await deps.store.schedules.edit(schedule.id, { lastDueAt: due });
}

/**
 * A last run that lies more than one run ahead is of a clock that was wrong. A clock that was corrected by a little, back over
 * one due time, must not run it twice.
 */
function isAhead({ when, createdAt, lastDueAt }: Schedule, done: number, now: number): boolean {
  const [first = done] = nextRuns(when, now, 1);
  return done > first || (when.type === 'every' && lastDueAt === undefined && createdAt > now + when.ms);
}

async function setBack(deps: ScheduleDeps, schedule: Schedule, due: number | undefined): Promise<void> {
  const now = deps.clock.now();
  deps.log.warn(
    { schedule: schedule.id },
    'the clock was far ahead and is not any more; the schedule goes by what it says now',
  );
  const { when } = schedule;
  if (when.type === 'every' && schedule.createdAt > now) {
    // It counts from when it was added, by that clock: it goes on at its pace.
    const anchor = when.anchor - Math.ceil((when.anchor - now) / when.ms) * when.ms;
    await deps.store.schedules.edit(schedule.id, { when: { ...when, anchor }, lastDueAt: anchor });
    return;
  }
  await deps.store.schedules.edit(schedule.id, { lastDueAt: due ?? Math.min(now, schedule.createdAt) });
}

/** However late: what was missed while NetDelta was off is sent once, and tells of the time until now. */
async function sendReport(
  { store, clock, placesOf, wake }: ScheduleDeps,
  schedule: Schedule,
  { group, dueAt, report }: { group: Group; dueAt: number; report: ScheduledReport },
): Promise<void> {
  const channels = (await placesOf(group)).map(({ channel }) => channel).filter((channel) => !isSink(channel));
  if (await store.schedules.sendReport(schedule, { dueAt, at: clock.now(), report, channels })) wake();
}

/** A crash may come between the request and its note. */
async function isRequested({ store }: ScheduleDeps, schedule: Schedule, dueAt: number): Promise<boolean> {
  const { items } = await store.scans.list({ groupId: schedule.groupId, kind: 'scan' }, { limit: 20, offset: 0 });
  return items.some(
    ({ origin }) => origin.type === 'schedule' && origin.schedule === schedule.id && origin.dueAt === dueAt,
  );
}

async function start(
  deps: ScheduleDeps,
  schedule: Schedule,
  group: Group,
  run: { dueAt: number; late?: boolean },
): Promise<void> {
  const refused = {
    key: `not-started:${schedule.id}`,
    before: await deps.store.settings.get(`not-started:${schedule.id}`),
  };
  try {
    await deps.requestScan({
      group,
      origin: { type: 'schedule', schedule: schedule.id, ...run },
      ...defined({ profile: schedule.profile }),
    });
    if (refused.before) await deps.store.settings.set(refused.key, '');
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // Once for a row of the same: every five minutes it would bury the alerts.
    if (refused.before === error.message) return;
    const lines = [
      error.message,
      ...(error.hint === undefined ? [] : error.hint.split('\n')),
      'The same in a row is not reported again.',
    ];
    const title = `${group.name}: the scheduled scan could not start`;
    await tellGroup(deps, group, { title, tone: 'error', lines, at: deps.clock.now() });
    await deps.store.settings.set(refused.key, error.message);
  }
}

type MissedRun = { schedule: Schedule; group: Group; due: number; now: number; off: boolean };

async function makeUp(deps: ScheduleDeps, { schedule, group, due, now, off }: MissedRun): Promise<void> {
  const late = now - due <= group.catchUpMs;
  deps.log.info({ schedule: schedule.id, group: group.name, made_up: late }, 'a schedule was missed');
  const why = off ? ' was missed while NetDelta was off. ' : ' was held up: NetDelta could not work then. ';
  const missed: Inline[] = [
    { type: 'text', text: `The run of ${schedule.phrase} at ` },
    { type: 'time', at: due, style: 'datetime' },
    { type: 'text', text: why },
    { type: 'text', text: late ? 'It is made up now.' : 'It is too late to make it up; the next one runs as planned.' },
  ];
  const title = `${group.name}: a scan was missed`;
  await tellGroup(deps, group, { title, tone: 'info', lines: [missed], at: now, shownAt: due });
  if (late) await start(deps, schedule, group, { dueAt: due, late });
}
