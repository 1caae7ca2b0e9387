import { defined } from '../../core/defined.ts';
import { UserError } from '../../core/errors.ts';
import type { Group } from '../../core/model/group.ts';
import type { PrincipalKey } from '../../core/model/principal.ts';
import type { Schedule, ScheduledReport } from '../../core/model/schedule.ts';
import { parseWhen } from '../../core/time/when.ts';
import { checkZone } from '../../core/time/zone.ts';
import type { Store } from '../../ports/store.ts';

export type ScheduleDeps = { store: Store; schedulesChanged(): Promise<void> };

/** Throws UserError that says at which word the phrase is wrong. */
export async function addSchedule(
  deps: ScheduleDeps,
  wanted: {
    group: Group;
    phrase: string;
    zone: string;
    profile?: string;
    report?: ScheduledReport;
    by: PrincipalKey;
    now: number;
  },
): Promise<Schedule> {
  const { group, phrase, profile, report } = wanted;
  const zone = checkZone(wanted.zone);
  const same = (await deps.store.schedules.list(group.id)).find(
    (one) => one.phrase === phrase && one.zone === zone && one.profile === profile && sameReport(one.report, report),
  );
  if (same !== undefined) {
    throw new UserError(`Schedule ${same.id} of ${group.name} says the same already.`, {
      word: phrase,
      hint: `\`schedule edit ${same.id}\` changes it${same.status === 'paused' ? `, \`schedule resume ${same.id}\` lets it run again` : ''}.`,
    });
  }
  const schedule = await deps.store.schedules.add({ groupId: group.id, ...newSchedule(wanted) });
  await deps.schedulesChanged();
  return schedule;
}

/** Checked, and not stored yet. */
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

function sameReport(a: ScheduledReport | undefined, b: ScheduledReport | undefined): boolean {
  return a?.format === b?.format && a?.periodMs === b?.periodMs;
}
