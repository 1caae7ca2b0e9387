import { noteCard } from '../../../cards/note.ts';
import { describeWhen } from '../../../core/time/when-words.ts';
import { scheduleData } from '../../data/group-data.ts';
import { command } from '../../grammar/command.ts';
import { findSchedule } from '../../input/find.ts';
import { changing, publicly } from '../../private-reply.ts';

export const scheduleRemove = command(
  {
    path: ['schedule', 'remove'],
    role: 'operator',
    summary: 'Remove a schedule',
    options: [{ name: 'id', type: 'schedule', description: 'Schedule', positional: true, required: true }],
    example: 'schedule remove 3',
    audience: 'public',
  },
  (deps) => async (context, options) => {
    const { schedule, group } = await findSchedule(deps.store, options);
    await deps.store.schedules.remove(schedule.id);
    await deps.schedulesChanged();
    const name = group?.name ?? 'all groups';
    const times = describeWhen(schedule.when);
    const ended =
      schedule.report === undefined ? `${name} is no longer scanned` : `The report on ${name} is no longer sent`;
    const lines = [`${ended} ${times}.`];
    return changing(publicly(noteCard({ title: `Schedule ${schedule.id} removed`, lines })), {
      before: scheduleData(schedule, group?.name, context.now),
      after: null,
    });
  },
);
