import { z } from 'zod';
import type { Group } from '../../core/model/group.ts';
import type { Scan } from '../../core/model/scan.ts';
import { DAY_MS } from '../../core/time/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MessageSubject } from '../../ports/message.ts';
import type { Store } from '../../ports/store.ts';
import type { NoticeDeps } from '../delivery/notices.ts';

export type FailureDeps = NoticeDeps & { clock: Clock };

/** Scans that are searched for the last successful one. */
const LOOKED_AT = 50;

const TOLD = z.object({ first: z.number(), latest: z.number(), days: z.number(), at: z.number() });
/** What was posted about a series of failures: the first and the latest of them, how many, and when last. */
type Told = z.infer<typeof TOLD>;

const failingKey = (groupId: number): string => `failing:${groupId}`;

/**
 * A failed scheduled scan is reported in the places of its alerts, because silence would look like "no change". A
 * series of failures has one message, edited with each failure, posted again once a day, and resolved when a scan
 * succeeds. A scan requested by a command reports its failure in its own message; a failed confirmation leaves its
 * question to the next scan. The message comes first and is recorded afterwards: a crash in between repeats the same
 * message, which remains one.
 */
export async function watchFailures(deps: FailureDeps): Promise<void> {
  for (const group of await deps.store.groups.list()) await watchGroup(deps, group);
}

async function watchGroup(deps: FailureDeps, group: Group): Promise<void> {
  const { store, clock } = deps;
  const ended = { groupId: group.id, kind: 'scan', statuses: ['done', 'failed'] } as const;
  const { items } = await store.scans.list(ended, { limit: LOOKED_AT, offset: 0 });
  const good = items.find(({ status }) => status === 'done')?.id ?? 0;
  const told = await readTold(store, group.id);
  if (told !== undefined && good > told.first) return await resolve(deps, group, told);
  const row = items.filter(({ id, status }) => status === 'failed' && id > good);
  const first = told?.first ?? row.filter(({ origin }) => origin.type === 'schedule').at(-1)?.id;
  const latest = row[0]?.id;
  if (first === undefined || latest === undefined) return;
  const now = clock.now();
  if (told === undefined) return await say(deps, group, { first, latest, days: 1, at: now });
  if (now - told.at >= DAY_MS && (await isWaitedFor(store, group)))
    return await say(deps, group, { ...told, latest, days: told.days + 1, at: now });
  if (latest !== told.latest) await edit(deps, group, { ...told, latest });
}

/** A group that is paused or has no schedule any more is not expected to scan. */
async function isWaitedFor(store: Store, group: Group): Promise<boolean> {
  if (group.status === 'paused') return false;
  return (await store.schedules.list(group.id)).some(
    ({ status, report }) => status === 'active' && report === undefined,
  );
}

async function say(deps: FailureDeps, group: Group, told: Told): Promise<void> {
  for (const channel of await deps.channelsOf(group)) {
    await deps.store.messages.want({ subject: subjectOf(told, told.days), channel, at: told.at });
  }
  await note(deps, group, told);
}

/** Only the newest message is kept up to date while the failures last. */
async function edit(deps: FailureDeps, group: Group, told: Told): Promise<void> {
  await deps.store.messages.touch([subjectOf(told, told.days)]);
  await note(deps, group, told);
}

async function resolve(deps: FailureDeps, group: Group, told: Told): Promise<void> {
  const days = Array.from({ length: told.days }, (_, index) => subjectOf(told, index + 1));
  await deps.store.messages.touch(days);
  await note(deps, group, undefined);
}

function subjectOf({ first }: Told, day: number): MessageSubject {
  return { type: 'failed-scans', scan: first, day };
}

async function readTold(store: Store, groupId: number): Promise<Told | undefined> {
  const text = await store.settings.get(failingKey(groupId));
  return text ? TOLD.parse(JSON.parse(text)) : undefined;
}

async function note(deps: FailureDeps, group: Group, told: Told | undefined): Promise<void> {
  await deps.store.settings.set(failingKey(group.id), told === undefined ? '' : JSON.stringify(told));
  deps.wake();
}

/** The series of failures that began with this scan, as its message shows it. */
export async function failuresFrom(store: Store, first: Scan) {
  const { groupId } = first;
  const done = { groupId, kind: 'scan', statuses: ['done'] } as const;
  const one = { limit: 1, offset: 0 };
  const { total } = await store.scans.list({ ...done, after: first.id }, one);
  const after =
    total === 0 ? [] : (await store.scans.list({ ...done, after: first.id }, { limit: 1, offset: total - 1 })).items;
  const [ended] = after;
  const row = { groupId, kind: 'scan', statuses: ['failed'], after: first.id - 1 } as const;
  const failed = await store.scans.list({ ...row, ...(ended === undefined ? {} : { before: ended.id }) }, one);
  const before = await store.scans.list({ ...done, before: first.id }, one);
  return { first, latest: failed.items[0] ?? first, count: failed.total, lastGood: before.items[0], ended };
}
