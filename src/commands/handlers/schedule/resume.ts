import { scheduleCard } from '../../../cards/schedule.ts';
import { setScheduleStatus } from '../../../usecases/schedules/pause-schedule.ts';
import { scheduleData } from '../../data/group-data.ts';
import { command } from '../../grammar/command.ts';
import { findSchedule } from '../../input/find.ts';
import { changing, publicly } from '../../private-reply.ts';

export const scheduleResume = command(
  {
    path: ['schedule', 'resume'],
    role: 'operator',
    summary: 'Let a schedule run again',
    options: [{ name: 'id', type: 'schedule', description: 'Schedule', positional: true, required: true }],
    example: 'schedule resume 3',
    audience: 'public',
  },
  (deps) => async (context, options) => {
    const { schedule, group } = await findSchedule(deps.store, options);
    const edited = await setScheduleStatus(deps, schedule, 'active', context.now);
    return changing(publicly(scheduleCard(`Schedule ${schedule.id} resumed`, edited, group, context.now)), {
      before: scheduleData(schedule, group?.name, context.now),
      after: scheduleData(edited, group?.name, context.now),
    });
  },
);
