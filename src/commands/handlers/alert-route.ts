import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const alertRoute = command(
  {
    path: ['alert', 'route'],
    role: 'admin',
    summary: 'More channels for a group’s alerts',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      { name: 'to', type: 'channel', description: 'Add a channel', positional: false, required: false },
      { name: 'remove', type: 'channel', description: 'Drop a channel', positional: false, required: false },
    ],
    example: 'alert route office to:slack:C0123456',
    audience: 'public',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
