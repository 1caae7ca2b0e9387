import { noteCard } from '../../../cards/note.ts';
import { pauseGroup } from '../../../usecases/schedules/pause-schedule.ts';
import { command } from '../../grammar/command.ts';
import { findGroup } from '../../input/find.ts';
import { publicly } from '../../private-reply.ts';

export const groupPause = command(
  {
    path: ['group', 'pause'],
    role: 'operator',
    summary: 'Stop its scheduled scans for now',
    options: [{ name: 'group', type: 'group', description: 'Group', positional: true, required: true }],
    example: 'group pause office',
    audience: 'public',
  },
  (deps) => async (context, options) => {
    const group = await findGroup(deps.store, options);
    const { dropped, running } = await pauseGroup(deps, group, context.principal.key);
    return publicly(
      noteCard({
        title: `Group ${group.name} is paused`,
        lines: [
          'Its schedules do not run, and no scan of it starts, until it is resumed.',
          ...dropped.map((scan) => `Scan #${scan.id} was waiting and is cancelled.`),
          ...running.map((scan) => `Scan #${scan.id} comes to its end; scan cancel ${scan.id} ends it now.`),
        ],
      }),
    );
  },
);
