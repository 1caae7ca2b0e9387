import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const windowList = command(
  {
    path: ['window', 'list'],
    role: 'viewer',
    summary: 'Maintenance windows and their next opening',
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
    example: 'window list',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
