import { noteCard } from '../../../cards/note.ts';
import { resumeGroup } from '../../../usecases/schedules/pause-schedule.ts';
import { command } from '../../grammar/command.ts';
import { findGroup } from '../../input/find.ts';
import { publicly } from '../../private-reply.ts';

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
        title: `Group ${group.name} resumed`,
        lines: ['Its schedules run again. What fell due meanwhile is not made up.'],
      }),
    );
  },
);
