import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const alertTest = command(
  {
    path: ['alert', 'test'],
    role: 'admin',
    summary: 'Send a test to every place',
    options: [{ name: 'group', type: 'group', description: 'Group', positional: true, required: true }],
    example: 'alert test office',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
