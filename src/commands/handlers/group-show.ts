import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const groupShow = command(
  {
    path: ['group', 'show'],
    role: 'viewer',
    summary: 'Targets, settings and state',
    options: [{ name: 'group', type: 'group', description: 'Group', positional: true, required: true }],
    example: 'group show office',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
