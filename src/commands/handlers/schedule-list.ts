import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const scheduleList = command(
  {
    path: ['schedule', 'list'],
    role: 'viewer',
    summary: 'All schedules with their next runs',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: false },
      {
        name: 'page',
        type: 'integer',
        description: 'Page of the list',
        positional: false,
        required: false,
        min: 1,
        max: 100000,
      },
    ],
    example: 'schedule list',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
