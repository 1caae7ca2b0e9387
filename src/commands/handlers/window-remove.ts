import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const windowRemove = command(
  {
    path: ['window', 'remove'],
    role: 'operator',
    summary: 'Remove a maintenance window',
    options: [{ name: 'id', type: 'window', description: 'Window', positional: true, required: true }],
    example: 'window remove 2',
    audience: 'public',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
