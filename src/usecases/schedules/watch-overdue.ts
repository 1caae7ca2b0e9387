import type { Inline } from '../../cards/card.ts';
import type { Group } from '../../core/model/group.ts';
import type { Scan } from '../../core/model/scan.ts';
import type { Schedule } from '../../core/model/schedule.ts';
import { lastDue, nextRuns } from '../../core/time/runs.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Queue, QueueStats } from '../../ports/queue.ts';
import { type NoticeDeps, tellGroup } from '../delivery/notices.ts';

export type OverdueDeps = NoticeDeps & { queue: Pick<Queue, 'stats'>; clock: Clock };

/** How much later than due a scan may start: a tenth of the time between two runs, and at least this, ms. */
const LEAST_LATE_MS = 5 * 60_000;

/** The prefix of what is stored of a group that is overdue: the due time, epoch ms, or nothing once it is over. */
export const OVERDUE = 'overdue:';
export const overdueKey = (groupId: number): string => `${OVERDUE}${groupId}`;

/**
 * A chore: groups that are not scanned as scheduled: a due scan has not started, or two runs passed without a judged
 * one. Each is reported once, and so is its end.
 */
export function watchOverdue(deps: OverdueDeps): () => Promise<void> {
  const { store, clock } = deps;
  /** By schedule, the due time whose scan has begun: nothing can become of it but a newer one. */
  const begun = new Map<number, number>();
  return async () => {
    const schedules = (await store.schedules.list()).filter(({ report }) => report === undefined);
    const told = await store.settings.under(OVERDUE);
    for (const group of await store.groups.list()) {
      const own = schedules.filter(({ groupId, status }) => groupId === group.id && status === 'active');
      const since = told.get(overdueKey(group.id));
      const runs = group.status === 'active' ? own.flatMap((schedule) => lateRun(schedule, clock.now())) : [];
      const doubtful = since ? runs : runs.filter(({ schedule, due }) => begun.get(schedule.id) !== due);
      const scans = doubtful.length === 0 ? [] : await newestScans(store, group);
      const overdue = overdueSince(doubtful, scans);
      if (overdue !== undefined && !since) await tellOverdue(deps, group, overdue);
      if (overdue === undefined && since) await tellEnd(deps, group, Number(since));
      if (overdue !== undefined) continue;
      for (const { schedule, due } of doubtful) if (hasStarted(scans, due)) begun.set(schedule.id, due);
    }
  };
}

type LateRun = { schedule: Schedule; due: number };

/** The newest run of a schedule that is too late to begin in time. */
function lateRun(schedule: Schedule, now: number): LateRun[] {
  const newest = lastDue(schedule.when, now);
  if (newest === undefined) return [];
  const [next = newest] = nextRuns(schedule.when, newest, 1);
  const isEarly = now - newest < Math.max(LEAST_LATE_MS, (next - newest) / 10);
  const due = isEarly ? lastDue(schedule.when, newest - 1) : newest;
  return due === undefined || due <= from(schedule) ? [] : [{ schedule, due }];
}

const from = ({ activeSince, createdAt }: Schedule): number => activeSince ?? createdAt;

async function newestScans(store: OverdueDeps['store'], group: Group): Promise<readonly Scan[]> {
  return (await store.scans.list({ groupId: group.id, kind: 'scan' }, { limit: 20, offset: 0 })).items;
}

/** The due time since which the group lacks a scan; undefined when all is well. */
function overdueSince(runs: readonly LateRun[], scans: readonly Scan[]): number | undefined {
  const judgedAt = scans.find(({ status }) => status === 'done')?.finishedAt ?? 0;
  const missing = runs.flatMap(({ schedule, due }) => missingRun(schedule, due, scans, judgedAt));
  return missing.length === 0 ? undefined : Math.min(...missing);
}

function missingRun(schedule: Schedule, due: number, scans: readonly Scan[], judgedAt: number): number[] {
  const before = lastDue(schedule.when, due - 1);
  if (before !== undefined && before > from(schedule) && judgedAt < before && !hasFailed(scans, before))
    return [before];
  return hasBegun(schedule, scans, due) ? [] : [due];
}

const hasStarted = (scans: readonly Scan[], due: number): boolean =>
  scans.some(({ startedAt }) => (startedAt ?? 0) >= due);

/** A failure has its own message with the same information. */
function hasFailed(scans: readonly Scan[], since: number): boolean {
  return scans.some(
    ({ status, origin, queuedAt }) => status === 'failed' && origin.type === 'schedule' && queuedAt >= since,
  );
}

/** A running scan is on its way; a run that was reported as missed or refused has had its message. */
function hasBegun(schedule: Schedule, scans: readonly Scan[], due: number): boolean {
  if (hasStarted(scans, due) || scans.some(({ status }) => status === 'running' || status === 'judging')) return true;
  const waits = scans.some(({ status }) => status === 'queued');
  return !waits && (schedule.lastDueAt ?? 0) >= due;
}

async function tellOverdue(deps: OverdueDeps, group: Group, since: number): Promise<void> {
  const { items } = await deps.store.scans.list({ groupId: group.id, kind: 'scan' }, { limit: 20, offset: 0 });
  const judged = items.find(({ status }) => status === 'done')?.finishedAt;
  const line: Inline[] = [
    {
      type: 'text',
      text: judged === undefined ? `${group.name} has never been scanned` : `${group.name} has not been scanned since `,
    },
    ...(judged === undefined ? [] : [{ type: 'time', at: judged, style: 'datetime' } as const]),
    { type: 'text', text: `, because ${await reason(deps, group, items)}. A run was due at ` },
    { type: 'time', at: since, style: 'datetime' },
    { type: 'text', text: '. Changes since then are not known.' },
  ];
  const title = `${group.name}: not scanned on time`;
  await tellGroup(deps, group, { title, tone: 'error', lines: [line], at: deps.clock.now(), shownAt: since });
  await deps.store.settings.set(overdueKey(group.id), String(since));
}

async function tellEnd(deps: OverdueDeps, group: Group, since: number): Promise<void> {
  const { items } = await deps.store.scans.list({ groupId: group.id, kind: 'scan' }, { limit: 5, offset: 0 });
  const newest = items.find(({ status }) => status === 'done' || status === 'running' || status === 'judging');
  const scanned = newest !== undefined && (newest.startedAt ?? 0) >= since;
  const title = scanned ? `${group.name}: scanned on time again` : `${group.name}: no longer waiting for a scan`;
  const line: Inline[] = [
    { type: 'text', text: scanned ? 'The scan that was due at ' : 'Its schedule was changed, so that the run due at ' },
    { type: 'time', at: since, style: 'datetime' },
    { type: 'text', text: scanned ? ' has begun; what it finds follows.' : ' is not waited for any more.' },
  ];
  await tellGroup(deps, group, { title, tone: 'good', lines: [line], at: deps.clock.now(), shownAt: since });
  await deps.store.settings.set(overdueKey(group.id), '');
}

/** Why a group lacks its scan, as the end of a sentence. */
async function reason({ queue, store }: OverdueDeps, group: Group, scans: readonly Scan[]): Promise<string> {
  const stats = await queue.stats().catch((): QueueStats | undefined => undefined);
  if (stats === undefined) return 'the queue (Redis) does not answer';
  const workers = stats.sites.find(({ site }) => site === group.site)?.workers ?? 0;
  if (workers === 0) return `no worker serves its site ${group.site} (netdelta worker --site ${group.site})`;
  const running = scans.find(({ status }) => status === 'running' || status === 'judging');
  if (running !== undefined)
    return `scan #${running.id} is still ${running.status === 'running' ? 'running' : 'being judged'}`;
  const queued = scans.find(({ status }) => status === 'queued');
  if (queued !== undefined) return `scan #${queued.id} waits for a worker of site ${group.site}; all are busy`;
  const [newest] = scans;
  if (newest?.status === 'failed') return `scan #${newest.id} failed: ${newest.error ?? 'nmap gave no result'}`;
  for (const { id } of await store.schedules.list(group.id)) {
    const refused = await store.settings.get(`not-started:${id}`);
    if (refused) return `the scan was refused: ${refused.replace(/\.$/, '')}`;
  }
  return 'NetDelta was off, or could not work then';
}
