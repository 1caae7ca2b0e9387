import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const deltaAck = command(
  {
    path: ['delta', 'ack'],
    role: 'acknowledger',
    summary: 'Take note of deltas',
    options: [
      {
        name: 'ids',
        type: 'deltas',
        description: 'One id or more',
        hint: 'One id or more: `41 42 43`.',
        positional: true,
        required: true,
        rest: true,
      },
      {
        name: 'note',
        type: 'text',
        description: 'Why, in a few words',
        hint: 'Kept beside who and when.',
        positional: false,
        required: false,
      },
    ],
    example: 'delta ack 41 42 note:"new printer"',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
