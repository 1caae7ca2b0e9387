import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const expectRemove = command(
  {
    path: ['expect', 'remove'],
    role: 'operator',
    summary: 'Take an approved change back',
    options: [{ name: 'id', type: 'expectation', description: 'Approved change', positional: true, required: true }],
    example: 'expect remove 2',
    audience: 'public',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
