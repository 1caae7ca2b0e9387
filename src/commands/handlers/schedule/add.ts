import { scheduleCard } from '../../../cards/schedule.ts';
import { defined } from '../../../core/defined.ts';
import { addSchedule } from '../../../usecases/schedules/add-schedule.ts';
import { scheduleData } from '../../data/group-data.ts';
import { command } from '../../grammar/command.ts';
import { findGroup } from '../../input/find.ts';
import { inOptionLater, requiredText, textOf } from '../../input/options.ts';
import { changing, publicly } from '../../private-reply.ts';
import { REPORT_FIELDS, scheduledReport } from './report.ts';

export const scheduleAdd = command(
  {
    path: ['schedule', 'add'],
    role: 'operator',
    summary: 'Scan or report regularly',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      {
        name: 'when',
        type: 'when',
        description: 'daily 02:00, every 6h, cron',
        hint: 'Five-field cron, `@hourly @daily @weekly`, `daily 02:00`, `weekdays 18:30`, `weekly mon 02:00`, `every 6h`.',
        positional: true,
        required: true,
        rest: true,
      },
      {
        name: 'tz',
        type: 'timezone',
        description: 'Time zone, e.g. Europe/Berlin',
        hint: '`Europe/Berlin`.',
        preset: 'UTC',
        positional: false,
        required: false,
      },
      {
        name: 'profile',
        type: 'profile',
        description: 'Instead of the group’s profile',
        positional: false,
        required: false,
      },
      ...REPORT_FIELDS,
    ],
    example: 'schedule add office weekdays 18:30 tz:Europe/Berlin',
    audience: 'public',
    form: true,
  },
  (deps) => async (context, options) => {
    const group = await findGroup(deps.store, options);
    const profile = textOf(options, 'profile');
    const report = scheduledReport(options);
    const schedule = await inOptionLater('when', () =>
      addSchedule(deps, {
        group,
        phrase: requiredText(options, 'when'),
        zone: textOf(options, 'tz') ?? 'UTC',
        ...defined({ profile, report }),
        by: context.principal.key,
        now: context.now,
      }),
    );
    return changing(publicly(scheduleCard(`Schedule ${schedule.id} added`, schedule, group, context.now)), {
      before: null,
      after: scheduleData(schedule, group.name, context.now),
    });
  },
);
