import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const help = command(
  {
    path: ['help'],
    role: 'anyone',
    summary: 'What there is, with an example each',
    options: [{ name: 'command', type: 'text', description: 'Command', positional: true, required: false, rest: true }],
    example: 'help group add',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
