import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const muteRemove = command(
  {
    path: ['mute', 'remove'],
    role: 'operator',
    summary: 'End a mute now',
    options: [{ name: 'id', type: 'mute', description: 'Mute', positional: true, required: true }],
    example: 'mute remove 2',
    audience: 'public',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
