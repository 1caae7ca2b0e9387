import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const alertList = command(
  {
    path: ['alert', 'list'],
    role: 'admin',
    summary: 'Where alerts of groups go',
    options: [{ name: 'group', type: 'group', description: 'Group', positional: true, required: false }],
    example: 'alert list',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
