import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const roleRevoke = command(
  {
    path: ['role', 'revoke'],
    role: 'admin',
    summary: 'Take a granted role away',
    options: [
      {
        name: 'who',
        type: 'who',
        description: 'Who',
        hint: 'A user, a Slack user group, a Discord role; or `slack:U0123`.',
        positional: true,
        required: true,
      },
    ],
    example: 'role revoke @alice',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
