import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const scheduleRemove = command(
  {
    path: ['schedule', 'remove'],
    role: 'operator',
    summary: 'Remove a schedule',
    options: [{ name: 'id', type: 'schedule', description: 'Schedule', positional: true, required: true }],
    example: 'schedule remove 3',
    audience: 'public',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
