import { withNotes } from '../../../cards/note.ts';
import { scheduleCard } from '../../../cards/schedule.ts';
import { defined } from '../../../core/defined.ts';
import { ALL_GROUPS } from '../../../core/model/schedule.ts';
import { addSchedule } from '../../../usecases/schedules/add-schedule.ts';
import { channelNotes } from '../../channel-notes.ts';
import { scheduleData } from '../../data/group-data.ts';
import { command } from '../../grammar/command.ts';
import { OTHER_PROFILE, ZONE_OR_UTC } from '../../grammar/common-options.ts';
import { findGroup } from '../../input/find.ts';
import { inOptionLater, requiredText, textOf } from '../../input/options.ts';
import { changing, publicly } from '../../private-reply.ts';
import { REPORT_FIELDS, refuse, scheduledReport } from './report.ts';

export const scheduleAdd = command(
  {
    path: ['schedule', 'add'],
    role: 'operator',
    summary: 'Scan or report regularly',
    options: [
      {
        ...{ name: 'group', type: 'group', description: 'Group', orAll: true },
        ...{ hint: '`all` for a report on all groups.', positional: true, required: true },
      },
      {
        name: 'when',
        type: 'when',
        description: 'daily 02:00, every 6h, cron',
        hint: 'Five-field cron, `@hourly @daily @weekly`, `daily 02:00`, `weekdays 18:30`, `weekly mon 02:00`, `every 6h`.',
        positional: true,
        required: true,
        rest: true,
      },
      ZONE_OR_UTC,
      OTHER_PROFILE,
      ...REPORT_FIELDS,
    ],
    example: 'schedule add office weekdays 18:30 tz:Europe/Berlin',
    audience: 'public',
    form: true,
  },
  (deps) => async (context, options) => {
    const all = textOf(options, 'group')?.toLowerCase() === ALL_GROUPS;
    const group = all ? undefined : await findGroup(deps.store, options);
    const profile = textOf(options, 'profile');
    const asked = scheduledReport(options);
    if (all && asked === undefined)
      refuse('group', 'Only a report is about all groups.', 'Add `report:png`, or name a group to scan.');
    const report = all && asked !== undefined ? { ...asked, to: asked.to ?? context.channel } : asked;
    const schedule = await inOptionLater('when', () =>
      addSchedule(deps, {
        phrase: requiredText(options, 'when'),
        zone: textOf(options, 'tz') ?? 'UTC',
        ...defined({ group, profile, report }),
        by: context.principal.key,
        now: context.now,
      }),
    );
    const notes = await channelNotes(deps, report?.to);
    const card = withNotes(scheduleCard(`Schedule ${schedule.id} added`, schedule, group, context.now), notes);
    return changing(publicly(card), {
      before: null,
      after: scheduleData(schedule, group?.name, context.now),
    });
  },
);
