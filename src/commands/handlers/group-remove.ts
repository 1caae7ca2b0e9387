import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const groupRemove = command(
  {
    path: ['group', 'remove'],
    role: 'operator',
    summary: 'Remove it with all its data (asks first)',
    options: [{ name: 'group', type: 'group', description: 'Group', positional: true, required: true }],
    example: 'group remove office',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
