import { isDeepStrictEqual } from 'node:util';
import { defined } from '../../core/defined.ts';
import { UserError } from '../../core/errors.ts';
import type { Group } from '../../core/model/group.ts';
import type { PrincipalKey } from '../../core/model/principal.ts';
import type { Schedule, ScheduledReport } from '../../core/model/schedule.ts';
import { parseWhen } from '../../core/time/when.ts';
import { checkZone } from '../../core/time/zone.ts';
import type { Store } from '../../ports/store.ts';

export type ScheduleDeps = { store: Store; schedulesChanged(): Promise<void> };

/** `group`: absent for a report on all groups. Throws a UserError that names the wrong word of the phrase. */
export async function addSchedule(
  deps: ScheduleDeps,
  wanted: {
    group?: Group;
    phrase: string;
    zone: string;
    profile?: string;
    report?: ScheduledReport;
    by: PrincipalKey;
    now: number;
  },
): Promise<Schedule> {
  const schedule = { ...newSchedule(wanted), ...defined({ groupId: wanted.group?.id }) };
  await refuseSame(deps.store, schedule);
  const added = await deps.store.schedules.add(schedule);
  await deps.schedulesChanged();
  return added;
}

/** Two that do the same at the same times are a slip, however each was typed. */
export async function refuseSame(store: Store, wanted: Omit<Schedule, 'id'> & { id?: number }): Promise<void> {
  const same = (await store.schedules.list()).find(
    (one) => one.id !== wanted.id && one.groupId === wanted.groupId && isDeepStrictEqual(doingOf(one), doingOf(wanted)),
  );
  if (same === undefined) return;
  const resume = same.status === 'paused' ? `, \`schedule resume ${same.id}\` lets it run again` : '';
  throw new UserError(`Schedule ${same.id} does the same already: ${same.phrase}.`, {
    word: wanted.phrase,
    hint: `\`schedule edit ${same.id}\` changes it${resume}.`,
  });
}

/** What a schedule does, and when. */
function doingOf({ when, profile, report }: Omit<Schedule, 'id'>): object {
  const times = when.type === 'every' ? { every: when.ms } : when;
  return defined({ times, profile, report });
}

/** Checked, but not stored yet. */
export function newSchedule(wanted: {
  phrase: string;
  zone: string;
  profile?: string;
  report?: ScheduledReport;
  by: PrincipalKey;
  now: number;
}): Omit<Schedule, 'id' | 'groupId'> {
  const { phrase, profile, report, by, now } = wanted;
  const zone = checkZone(wanted.zone);
  return {
    phrase,
    when: parseWhen(phrase, zone, now),
    zone,
    ...defined({ profile, report }),
    status: 'active',
    createdBy: by,
    createdAt: now,
  };
}
