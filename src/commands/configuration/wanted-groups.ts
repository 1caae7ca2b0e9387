import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { UserError } from '../../core/errors.ts';
import { GROUP_OPTIONS } from '../../core/group-options/group-options.ts';
import type { Configuration, GroupConfiguration } from '../../core/model/configuration.ts';
import { GROUP_DEFAULTS } from '../../core/model/group.ts';
import { checkGroupName } from '../../core/model/group-name.ts';
import type { OptionDefinition } from '../../core/model/option.ts';
import { DEFAULT_POLICY } from '../../core/model/policy.ts';
import type { Principal } from '../../core/model/principal.ts';
import type { Route } from '../../core/model/route.ts';
import { parseTime } from '../../core/time/duration.ts';
import { checkTargets } from '../../usecases/groups/group-facts.ts';
import { newWindow } from '../../usecases/holds/add-window.ts';
import { newSchedule } from '../../usecases/schedules/add-schedule.ts';
import type { Deps } from '../deps.ts';
import { applyGroupOptions } from '../groups/group-settings.ts';
import { ROUTE_OPTIONS, routeOf } from '../handlers/alert/route.ts';
import { REPORT_FIELDS, scheduledReport } from '../handlers/schedule/report.ts';
import { listOf, requiredNumber, requiredText, textOf } from '../input/options.ts';
import { at, atLater, optionsOf, type Written, type WrittenGroup } from './read-file.ts';

type WantedDeps = Pick<Deps, 'store' | 'resolveNames' | 'allowed'>;
type By = { principal: Principal; now: number };

const field = { description: '', positional: false, required: false } as const;
const needed = { ...field, required: true } as const;
const ZONE = { name: 'tz', type: 'timezone', ...field } as const;
const PAUSED = { name: 'paused', type: 'boolean', ...field } as const;

const GROUP_FIELDS = [{ name: 'targets', type: 'targets', ...needed }, PAUSED, ...GROUP_OPTIONS] as const;
const SCHEDULE_FIELDS = [
  { name: 'when', type: 'when', ...needed },
  ZONE,
  { name: 'profile', type: 'profile', ...field },
  ...REPORT_FIELDS,
  PAUSED,
] as const satisfies readonly OptionDefinition[];
const WINDOW_FIELDS = [
  { name: 'when', type: 'when', ...needed },
  { name: 'for', type: 'duration', ...needed },
  ZONE,
  { name: 'reason', type: 'text', ...field },
] as const satisfies readonly OptionDefinition[];
const ROUTE_FIELDS = ROUTE_OPTIONS.filter(({ name }) => name !== 'group' && name !== 'remove');

const LISTS = z.object({
  schedules: z.array(z.record(z.string(), z.unknown())).default([]),
  routes: z.array(z.record(z.string(), z.unknown())).default([]),
  windows: z.array(z.record(z.string(), z.unknown())).default([]),
});

/** What the file says, by the rules of `group add`, `schedule add`, `alert route` and `window add`. Throws UserError. */
export async function wantedConfiguration(deps: WantedDeps, written: Written, by: By): Promise<Configuration> {
  const groups: GroupConfiguration[] = [];
  for (const group of written.groups) groups.push(await wantedGroup(deps, group, by));
  const reports = written.reports?.map((one, index) => reportOf(one, `reports, ${index + 1}`, by));
  return { groups, ...defined({ reports }) };
}

async function wantedGroup(deps: WantedDeps, written: WrittenGroup, by: By): Promise<GroupConfiguration> {
  const where = `groups, ${written.name}`;
  const { schedules, routes, windows, ...fields } = written.fields;
  const lists = at(where, () => listsOf({ schedules, routes, windows }));
  const options = optionsOf(GROUP_FIELDS, fields, where);
  const name = at(where, () => checkGroupName(written.name));
  const base = { ...GROUP_DEFAULTS, name, targets: listOf(options, 'targets') ?? [], exclude: [] };
  const spec = at(where, () => applyGroupOptions({ ...base, policy: DEFAULT_POLICY }, options));
  const resolver = { resolve: deps.resolveNames };
  await atLater(where, () => checkTargets({ resolver, allowed: deps.allowed }, spec));
  return {
    spec,
    status: textOf(options, 'paused') === 'true' ? 'paused' : 'active',
    schedules: lists.schedules.map((one, index) => scheduleOf(one, `${where}, schedule ${index + 1}`, by)),
    routes: await routesOf(deps, lists.routes, where, by.now),
    windows: lists.windows.flatMap((one, index) => windowOf(one, `${where}, window ${index + 1}`, by)),
  };
}

function listsOf(given: object): z.infer<typeof LISTS> {
  const lists = LISTS.safeParse(given);
  if (lists.success) return lists.data;
  const name = String(lists.error.issues[0]?.path[0] ?? 'schedules');
  throw new UserError(`${name} is no list.`, { hint: 'Expected `- when: daily 02:00` and the like, one for each.' });
}

function scheduleOf(fields: Readonly<Record<string, unknown>>, where: string, { principal, now }: By) {
  const options = optionsOf(SCHEDULE_FIELDS, fields, where);
  const profile = textOf(options, 'profile');
  const report = at(where, () => scheduledReport(options));
  const schedule = at(where, () =>
    newSchedule({
      phrase: requiredText(options, 'when'),
      zone: textOf(options, 'tz') ?? 'UTC',
      ...defined({ profile, report }),
      ...{ by: principal.key, now },
    }),
  );
  return textOf(options, 'paused') === 'true' ? { ...schedule, status: 'paused' as const } : schedule;
}

/** A report on all groups belongs to no group whose places it could take. */
function reportOf(fields: Readonly<Record<string, unknown>>, where: string, by: By) {
  const schedule = scheduleOf(fields, where, by);
  const missing = schedule.report === undefined ? 'report' : 'to';
  if (schedule.report?.to !== undefined) return schedule;
  throw new UserError(`${where}: ${missing} is missing.`, {
    hint: 'Expected `report: png` and `to:` one place, for example `email:noc@example.com`.',
  });
}

async function routesOf(
  deps: WantedDeps,
  list: readonly Record<string, unknown>[],
  group: string,
  now: number,
): Promise<Route[]> {
  const routes: Route[] = [];
  for (const [index, fields] of list.entries()) {
    const where = `${group}, route ${index + 1}`;
    const options = optionsOf(ROUTE_FIELDS, fields, where);
    const route = await atLater(where, () => routeOf(deps, requiredText(options, 'to'), options, now));
    if (routes.some(({ channel }) => channel === route.channel))
      throw new UserError(`${where}: ${route.channel} is there twice.`);
    routes.push(route);
  }
  return routes;
}

/** A window that is over stays in a file that nobody cleans up, and has no effect. */
function windowOf(fields: Record<string, unknown>, where: string, { principal, now }: By) {
  const options = optionsOf(WINDOW_FIELDS, fields, where);
  const phrase = requiredText(options, 'when');
  const zone = textOf(options, 'tz') ?? 'UTC';
  const durationMs = requiredNumber(options, 'for');
  if (/^\d{4}-/.test(phrase) && at(where, () => parseTime(phrase, zone, now)) + durationMs <= now) return [];
  const reason = textOf(options, 'reason');
  return [
    at(where, () =>
      newWindow({
        ...{ phrase, zone, durationMs, by: principal.key, byName: principal.name, now },
        ...(reason === undefined ? {} : { reason }),
      }),
    ),
  ];
}
