import { withNotes } from '../../../cards/note.ts';
import { scheduleCard } from '../../../cards/schedule.ts';
import { defined } from '../../../core/defined.ts';
import { UserError } from '../../../core/errors.ts';
import { NONE } from '../../../core/group-options/types.ts';
import type { Schedule, ScheduledReport } from '../../../core/model/schedule.ts';
import { editSchedule } from '../../../usecases/schedules/edit-schedule.ts';
import { channelNotes } from '../../channel-notes.ts';
import { scheduleData } from '../../data/group-data.ts';
import { command } from '../../grammar/command.ts';
import { OTHER_PROFILE, ZONE } from '../../grammar/common-options.ts';
import { findSchedule } from '../../input/find.ts';
import { inOptionLater, textOf } from '../../input/options.ts';
import { changing, publicly } from '../../private-reply.ts';
import { REPORT_CHANGES, refuse, scheduledReport } from './report.ts';

export const scheduleEdit = command(
  {
    path: ['schedule', 'edit'],
    role: 'operator',
    summary: 'Change when it runs, or its report',
    options: [
      { name: 'id', type: 'schedule', description: 'Schedule', positional: true, required: true },
      {
        name: 'when',
        type: 'when',
        description: 'daily 02:00, every 6h, cron',
        hint: 'Five-field cron, `@hourly @daily @weekly`, `daily 02:00`, `weekdays 18:30`, `weekly mon 02:00`, `every 6h`.',
        positional: true,
        required: false,
        rest: true,
      },
      ZONE,
      OTHER_PROFILE,
      ...REPORT_CHANGES,
    ],
    example: 'schedule edit 3 daily 03:00',
    audience: 'public',
  },
  (deps) => async (context, options) => {
    const { schedule, group } = await findSchedule(deps.store, options);
    const [phrase, zone, profile] = [textOf(options, 'when'), textOf(options, 'tz'), textOf(options, 'profile')];
    const report = editedReport(schedule, options);
    if (phrase === undefined && zone === undefined && profile === undefined && report === undefined) {
      const hint = `For example \`schedule edit ${schedule.id} daily 03:00 tz:Europe/Berlin\`.`;
      throw new UserError('Nothing to change was named.', { hint });
    }
    const change = {
      ...defined({ phrase, zone, profile, report }),
      now: context.now,
    };
    const edited = await inOptionLater('when', () => editSchedule(deps, schedule, change));
    const notes = await channelNotes(deps, report?.to);
    const card = withNotes(scheduleCard(`Schedule ${schedule.id} changed`, edited, group, context.now), notes);
    return changing(publicly(card), {
      before: scheduleData(schedule, group?.name, context.now),
      after: scheduleData(edited, group?.name, context.now),
    });
  },
);

/** Undefined when nothing of it is to change. */
function editedReport(schedule: Schedule, options: Parameters<typeof scheduledReport>[0]): ScheduledReport | undefined {
  const named = REPORT_CHANGES.find(({ name }) => textOf(options, name) !== undefined)?.name;
  if (schedule.report === undefined) {
    if (named === undefined) return undefined;
    return refuse(named, `Schedule ${schedule.id} scans.`, 'Add a schedule with `report:png`.');
  }
  if (textOf(options, 'to') === NONE && schedule.groupId === undefined)
    refuse('to', 'A report on all groups needs a place.', `\`schedule remove ${schedule.id}\` ends it.`);
  const report = scheduledReport(options, schedule.report);
  return named === undefined ? undefined : report;
}
