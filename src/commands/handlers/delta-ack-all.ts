import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const deltaAckAll = command(
  {
    path: ['delta', 'ack-all'],
    role: 'acknowledger',
    summary: 'Take note of all that is open',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      {
        name: 'note',
        type: 'text',
        description: 'Why, in a few words',
        hint: 'Kept beside who and when.',
        positional: false,
        required: false,
      },
    ],
    example: 'delta ack-all office note:moved',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
