import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const roleList = command(
  {
    path: ['role', 'list'],
    role: 'admin',
    summary: 'Who has which role',
    options: [],
    example: 'role list',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
