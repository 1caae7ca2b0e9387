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
    const lines = [`${group.name} is no longer scanned ${describeWhen(schedule.when)}.`];
    return changing(publicly(noteCard({ title: `Schedule ${schedule.id} removed`, lines })), {
      before: scheduleData(schedule, group.name, context.now),
      after: null,
    });
  },
);
