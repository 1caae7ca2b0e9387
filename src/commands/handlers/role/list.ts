import { roleListCard } from '../../../cards/admin.ts';
import { grantData } from '../../data/admin-data.ts';
import { command } from '../../grammar/command.ts';
import { privately, withData } from '../../private-reply.ts';

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
    async () => {
      const grants = await store.roles.list();
      const items = grants.map(grantData);
      return withData(privately(roleListCard(admins, grants)), { type: 'roles', total: items.length, items });
    },
);
