import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const scheduleResume = command(
  {
    path: ['schedule', 'resume'],
    role: 'operator',
    summary: 'Let a schedule run again',
    options: [{ name: 'id', type: 'schedule', description: 'Schedule', positional: true, required: true }],
    example: 'schedule resume 3',
    audience: 'public',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
