import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const groupList = command(
  {
    path: ['group', 'list'],
    role: 'viewer',
    summary: 'All groups',
    options: [
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
    example: 'group list',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
