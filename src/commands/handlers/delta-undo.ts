import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const deltaUndo = command(
  {
    path: ['delta', 'undo'],
    role: 'acknowledger',
    summary: 'Take an answer back',
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
    ],
    example: 'delta undo 41',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
