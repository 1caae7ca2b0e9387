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

/** A run that is later than this was delayed, and the message says so. */
const LATE_MS = 120_000;

/**
 * Runs what is due according to SQL: nothing is stored elsewhere, so nothing can be lost with it. A late run is made up
 * once when it is at most the group's `catch-up` late; a later one is reported, not run. Returns when the next is due.
 * `off`: NetDelta has just started, which is why a run is late. Called again at any time, it runs nothing twice.
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
  const { report, groupId } = schedule;
  const group = groupId === undefined ? undefined : await deps.store.groups.byId(groupId);
  if (report !== undefined && (groupId === undefined || group?.status === 'active'))
    return await sendReport(deps, schedule, { group, dueAt: due, report });
  if (group?.status === 'active' && !(await isRequested(deps, schedule, { group, dueAt: due }))) {
    if (off || now - due > LATE_MS) await makeUp(deps, { schedule, group, due, now, off });
    else await start(deps, schedule, group, { dueAt: due });
  }
  await deps.store.schedules.edit(schedule.id, { lastDueAt: due });
}

/**
 * A last run more than one interval ahead was recorded by a wrong clock. A clock that was corrected by a little, back
 * past one due time, must not run it twice.
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
    // An interval counts from when it was added, by the wrong clock: keep its pace.
    const anchor = when.anchor - Math.ceil((when.anchor - now) / when.ms) * when.ms;
    await deps.store.schedules.edit(schedule.id, { when: { ...when, anchor }, lastDueAt: anchor });
    return;
  }
  await deps.store.schedules.edit(schedule.id, { lastDueAt: due ?? Math.min(now, schedule.createdAt) });
}

/** However late: reports missed while NetDelta was off are sent once, and cover the time until now. */
async function sendReport(
  { store, clock, placesOf, wake }: ScheduleDeps,
  schedule: Schedule,
  { group, dueAt, report }: { group: Group | undefined; dueAt: number; report: ScheduledReport },
): Promise<void> {
  const { to } = report;
  const places = group === undefined ? [] : (await placesOf(group)).map(({ channel }) => channel);
  const channels = to === undefined ? places.filter((channel) => !isSink(channel)) : [to];
  if (await store.schedules.sendReport(schedule, { dueAt, at: clock.now(), report, channels })) wake();
}

/** A crash may happen between the request and its record. */
async function isRequested(
  { store }: ScheduleDeps,
  schedule: Schedule,
  { group, dueAt }: { group: Group; dueAt: number },
): Promise<boolean> {
  const { items } = await store.scans.list({ groupId: group.id, kind: 'scan' }, { limit: 20, offset: 0 });
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
    // Posted once for a series of the same refusals: every five minutes would bury the alerts.
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
