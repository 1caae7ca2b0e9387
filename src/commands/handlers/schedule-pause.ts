import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const schedulePause = command(
  {
    path: ['schedule', 'pause'],
    role: 'operator',
    summary: 'Stop a schedule for now',
    options: [{ name: 'id', type: 'schedule', description: 'Schedule', positional: true, required: true }],
    example: 'schedule pause 3',
    audience: 'public',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
