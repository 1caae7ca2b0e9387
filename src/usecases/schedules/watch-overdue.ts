import type { Inline } from '../../cards/card.ts';
import type { Group } from '../../core/model/group.ts';
import type { Scan } from '../../core/model/scan.ts';
import type { Schedule } from '../../core/model/schedule.ts';
import { lastDue, nextRuns } from '../../core/time/runs.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Queue, QueueStats } from '../../ports/queue.ts';
import { type NoticeDeps, tellGroup } from '../delivery/notices.ts';

export type OverdueDeps = NoticeDeps & { queue: Pick<Queue, 'stats'>; clock: Clock };

/** A scan may begin so much later than it was due: a tenth of the time between two runs, and at least this, ms. */
const LEAST_LATE_MS = 5 * 60_000;

export const overdueKey = (groupId: number): string => `overdue:${groupId}`;

/**
 * Groups that are not scanned as their schedules say: a scan that is due has not begun, or two runs passed without one that
 * was judged. Each is an alert of its own, once, and so is its end.
 */
export async function watchOverdue(deps: OverdueDeps): Promise<void> {
  const schedules = (await deps.store.schedules.list()).filter(({ report }) => report === undefined);
  for (const group of await deps.store.groups.list()) {
    const own = schedules.filter(({ groupId, status }) => groupId === group.id && status === 'active');
    const since = group.status === 'active' ? await overdueSince(deps, group, own) : undefined;
    const told = await deps.store.settings.get(overdueKey(group.id));
    if (since !== undefined && !told) await tellOverdue(deps, group, since);
    if (since === undefined && told) await tellEnd(deps, group, Number(told));
  }
}

/** The due time since which the group lacks a scan; undefined when all is as it should be. */
async function overdueSince(
  { store, clock }: OverdueDeps,
  group: Group,
  schedules: readonly Schedule[],
): Promise<number | undefined> {
  if (schedules.length === 0) return undefined;
  const now = clock.now();
  const { items } = await store.scans.list({ groupId: group.id, kind: 'scan' }, { limit: 20, offset: 0 });
  const judgedAt = items.find(({ status }) => status === 'done')?.finishedAt ?? 0;
  const missing = schedules.flatMap((schedule) => missingRun(schedule, items, judgedAt, now));
  return missing.length === 0 ? undefined : Math.min(...missing);
}

function missingRun(schedule: Schedule, scans: readonly Scan[], judgedAt: number, now: number): number[] {
  const from = schedule.activeSince ?? schedule.createdAt;
  const due = lastDue(schedule.when, now);
  if (due === undefined || due <= from) return [];
  const [next = due] = nextRuns(schedule.when, due, 1);
  if (now - due < Math.max(LEAST_LATE_MS, (next - due) / 10)) return [];
  const before = lastDue(schedule.when, due - 1);
  if (before !== undefined && before > from && judgedAt < before && !hasFailed(scans, before)) return [before];
  return hasBegun(schedule, scans, due) ? [] : [due];
}

/** A failure has its own message, which says the same. */
function hasFailed(scans: readonly Scan[], since: number): boolean {
  return scans.some(
    ({ status, origin, queuedAt }) => status === 'failed' && origin.type === 'schedule' && queuedAt >= since,
  );
}

/** One that still runs is on its way; a run that was told as missed, or as refused, has had its message. */
function hasBegun(schedule: Schedule, scans: readonly Scan[], due: number): boolean {
  if (scans.some(({ status, startedAt }) => status === 'running' || status === 'judging' || (startedAt ?? 0) >= due))
    return true;
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
