import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const deltaShow = command(
  {
    path: ['delta', 'show'],
    role: 'viewer',
    summary: 'One delta with its evidence',
    options: [{ name: 'id', type: 'delta', description: 'Delta', positional: true, required: true }],
    example: 'delta show 41',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
