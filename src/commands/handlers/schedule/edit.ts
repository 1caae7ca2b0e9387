import { scheduleCard } from '../../../cards/schedule.ts';
import { defined } from '../../../core/defined.ts';
import { UserError } from '../../../core/errors.ts';
import { editSchedule } from '../../../usecases/schedules/edit-schedule.ts';
import { scheduleData } from '../../data/group-data.ts';
import { command } from '../../grammar/command.ts';
import { findSchedule } from '../../input/find.ts';
import { inOptionLater, textOf } from '../../input/options.ts';
import { changing, publicly } from '../../private-reply.ts';

export const scheduleEdit = command(
  {
    path: ['schedule', 'edit'],
    role: 'operator',
    summary: 'Change when it runs',
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
      {
        name: 'tz',
        type: 'timezone',
        description: 'Time zone, e.g. Europe/Berlin',
        hint: '`Europe/Berlin`.',
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
    ],
    example: 'schedule edit 3 daily 03:00',
    audience: 'public',
  },
  (deps) => async (context, options) => {
    const { schedule, group } = await findSchedule(deps.store, options);
    const [phrase, zone, profile] = [textOf(options, 'when'), textOf(options, 'tz'), textOf(options, 'profile')];
    if (phrase === undefined && zone === undefined && profile === undefined) {
      const hint = `For example \`schedule edit ${schedule.id} daily 03:00 tz:Europe/Berlin\`.`;
      throw new UserError('Nothing to change was named.', { hint });
    }
    const change = {
      ...defined({ phrase, zone, profile }),
      now: context.now,
    };
    const edited = await inOptionLater('when', () => editSchedule(deps, schedule, change));
    return changing(publicly(scheduleCard(`Schedule ${schedule.id} changed`, edited, group, context.now)), {
      before: scheduleData(schedule, group.name, context.now),
      after: scheduleData(edited, group.name, context.now),
    });
  },
);
