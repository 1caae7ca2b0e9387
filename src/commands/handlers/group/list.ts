import { groupListCard } from '../../../cards/group.ts';
import { groupData } from '../../data/group-data.ts';
import { command } from '../../grammar/command.ts';
import { cutPage, PAGE, paging } from '../../input/pages.ts';
import { privately, withData } from '../../private-reply.ts';

export const groupList = command(
  {
    path: ['group', 'list'],
    role: 'viewer',
    summary: 'All groups',
    options: [PAGE],
    example: 'group list',
    audience: 'private',
  },
  ({ store }) =>
    async (context, options) => {
      const groups = await store.groups.list();
      const open = await store.deltas.countOpen();
      const total = groups.length;
      const rows = cutPage(groups, options, context).map((group) => ({ group, openDeltas: open.get(group.id) ?? 0 }));
      const card = groupListCard(rows, paging({ path: ['group', 'list'], options, total, rows: context.rows }));
      return withData(privately(card), { type: 'groups', total, items: rows.map(({ group }) => groupData(group)) });
    },
);
