import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const hostShow = command(
  {
    path: ['host', 'show'],
    role: 'viewer',
    summary: 'Status, services, misses, history',
    options: [
      { name: 'address', type: 'host', description: 'Address', positional: true, required: true },
      { name: 'group', type: 'group', description: 'Group', positional: false, required: false },
    ],
    example: 'host show 10.0.0.5',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
