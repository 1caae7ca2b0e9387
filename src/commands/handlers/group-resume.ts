import { noteCard } from '../../cards/note.ts';
import { resumeGroup } from '../../usecases/pause-schedule.ts';
import { publicly } from '../answers.ts';
import { command } from '../command.ts';
import { findGroup } from '../find.ts';

export const groupResume = command(
  {
    path: ['group', 'resume'],
    role: 'operator',
    summary: 'Let its schedules run again',
    options: [{ name: 'group', type: 'group', description: 'Group', positional: true, required: true }],
    example: 'group resume office',
    audience: 'public',
  },
  (deps) => async (context, options) => {
    const group = await findGroup(deps.store, options);
    await resumeGroup(deps, group, context.now);
    return publicly(
      noteCard({
        title: `Group ${group.name} goes on`,
        lines: ['Its schedules run again. What fell due meanwhile is not made up.'],
      }),
    );
  },
);
