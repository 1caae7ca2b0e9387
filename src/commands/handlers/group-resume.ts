import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const groupResume = command(
  {
    path: ['group', 'resume'],
    role: 'operator',
    summary: 'Let its schedules run again',
    options: [{ name: 'group', type: 'group', description: 'Group', positional: true, required: true }],
    example: 'group resume office',
    audience: 'public',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
