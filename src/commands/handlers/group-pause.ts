import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const groupPause = command(
  {
    path: ['group', 'pause'],
    role: 'operator',
    summary: 'Stop its scheduled scans for now',
    options: [{ name: 'group', type: 'group', description: 'Group', positional: true, required: true }],
    example: 'group pause office',
    audience: 'public',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
