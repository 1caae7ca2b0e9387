import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { groupAsOptions } from '../../core/group-options/group-as-options.ts';
import type { Group } from '../../core/model/group.ts';
import type { Schedule } from '../../core/model/schedule.ts';
import { REPORT_FORMATS } from '../../core/report/report.ts';
import { nextRuns } from '../../core/time/runs.ts';
import { MOMENT, moment } from './fields.ts';

export const GROUP = z.object({
  name: z.string(),
  status: z.enum(['active', 'paused']),
  targets: z.array(z.string()),
  exclude: z.array(z.string()),
  settings: z.record(z.string(), z.string()).describe('as one would type them for group edit'),
  createdBy: z.string(),
  createdAt: MOMENT,
});

export function groupData(group: Group): z.infer<typeof GROUP> {
  const { group: _group, name: _name, targets: _targets, exclude: _exclude, ...settings } = groupAsOptions(group);
  return {
    ...{ name: group.name, status: group.status, targets: [...group.targets], exclude: [...group.exclude] },
    ...{ settings, createdBy: group.createdBy, createdAt: moment(group.createdAt) },
  };
}

export const SCHEDULE = z.object({
  id: z.number().int(),
  group: z.string().optional().describe('absent of a report on all groups'),
  when: z.string().describe('as it was typed'),
  zone: z.string(),
  profile: z.string().optional(),
  report: z
    .object({ format: z.enum(REPORT_FORMATS), periodMs: z.number() })
    .optional()
    .describe('in place of a scan'),
  status: z.enum(['active', 'paused']),
  nextRun: MOMENT.optional(),
});

export function scheduleData(schedule: Schedule, group: string | undefined, now: number): z.infer<typeof SCHEDULE> {
  const [next] = schedule.status === 'active' ? nextRuns(schedule.when, now, 1) : [];
  return {
    ...{ id: schedule.id, ...defined({ group }), when: schedule.phrase, zone: schedule.zone, status: schedule.status },
    ...defined({ profile: schedule.profile, report: schedule.report }),
    ...(next === undefined ? {} : { nextRun: moment(next) }),
  };
}
