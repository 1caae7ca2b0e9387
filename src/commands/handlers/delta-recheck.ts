import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const deltaRecheck = command(
  {
    path: ['delta', 'recheck'],
    role: 'operator',
    summary: 'Look again now',
    options: [
      {
        name: 'ids',
        type: 'deltas',
        description: 'One id or more',
        hint: 'One id or more: `41 42 43`.',
        positional: true,
        required: true,
        rest: true,
      },
    ],
    example: 'delta recheck 41',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
