import { roleListCard } from '../../cards/admin.ts';
import { privately } from '../answers.ts';
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
  ({ store, admins }) =>
    async () =>
      privately(roleListCard(admins, await store.roles.list())),
);
