import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const expectList = command(
  {
    path: ['expect', 'list'],
    role: 'viewer',
    summary: 'Approved changes that are awaited',
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
    example: 'expect list',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
