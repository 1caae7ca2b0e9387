import { roleListCard } from '../../../cards/admin.ts';
import { command } from '../../grammar/command.ts';
import { privately } from '../../private-reply.ts';

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
