import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const scanNow = command(
  {
    path: ['scan', 'now'],
    role: 'operator',
    summary: 'Scan once, now, with progress',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      {
        name: 'profile',
        type: 'profile',
        description: 'Instead of the group’s profile',
        positional: false,
        required: false,
      },
      {
        name: 'ports',
        type: 'ports',
        description: 'Instead of the group’s ports',
        hint: '`22,80,8000-8100`, `U:53` for UDP.',
        positional: false,
        required: false,
      },
      {
        name: 'async',
        type: 'boolean',
        description: 'Do not wait',
        hint: 'For scripts on the console: the next line does not wait for the end.',
        positional: false,
        required: false,
      },
    ],
    example: 'scan now office ports:22,80',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
