import { UserError } from '../../core/errors.ts';
import { ROLES } from '../../core/principal.ts';
import { command } from '../command.ts';

export const roleGrant = command(
  {
    path: ['role', 'grant'],
    role: 'admin',
    summary: 'Give somebody a role',
    options: [
      {
        name: 'who',
        type: 'who',
        description: 'Who',
        hint: 'A user, a Slack user group, a Discord role; or `slack:U0123`.',
        positional: true,
        required: true,
      },
      {
        name: 'role',
        type: 'choice',
        description: 'Role',
        hint: 'Each includes the ones before.',
        positional: true,
        required: true,
        choices: ROLES,
      },
    ],
    example: 'role grant @alice operator',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
