import { groupListCard } from '../../../cards/group.ts';
import { command } from '../../grammar/command.ts';
import { cutPage, paging } from '../../input/pages.ts';
import { privately } from '../../private-reply.ts';

export const groupList = command(
  {
    path: ['group', 'list'],
    role: 'viewer',
    summary: 'All groups',
    options: [
      {
        name: 'page',
        type: 'integer',
        description: 'Page of the list',
        positional: false,
        required: false,
        min: 1,
        max: 100000,
      },
    ],
    example: 'group list',
    audience: 'private',
  },
  ({ store }) =>
    async (_context, options) => {
      const groups = await store.groups.list();
      const open = await store.deltas.countOpen();
      const rows = cutPage(groups, options).map((group) => ({ group, openDeltas: open.get(group.id) ?? 0 }));
      return privately(groupListCard(rows, paging(['group', 'list'], options, [], groups.length)));
    },
);
