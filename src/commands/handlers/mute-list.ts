import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const muteList = command(
  {
    path: ['mute', 'list'],
    role: 'viewer',
    summary: 'Mutes under way, with their end',
    options: [
      {
        name: 'page',
        type: 'integer',
        description: 'Page of the list',
        positional: false,
        required: false,
        min: 1,
        max: 100000,
      },
    ],
    example: 'mute list',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
