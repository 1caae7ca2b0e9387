import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const scanList = command(
  {
    path: ['scan', 'list'],
    role: 'viewer',
    summary: 'Scans, newest first',
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
    example: 'scan list office',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
