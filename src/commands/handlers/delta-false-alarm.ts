import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const deltaFalseAlarm = command(
  {
    path: ['delta', 'false-alarm'],
    role: 'operator',
    summary: 'It was none: teach the judge',
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
    example: 'delta false-alarm 41',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
