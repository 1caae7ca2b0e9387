import { scanListCard } from '../../../cards/scan-lists.ts';
import { scanData } from '../../data/scan-data.ts';
import { command } from '../../grammar/command.ts';
import { findOptionalGroup, groupNames } from '../../input/find.ts';
import { PAGE, pageOf, paging } from '../../input/pages.ts';
import { privately, withData } from '../../private-reply.ts';

export const scanList = command(
  {
    path: ['scan', 'list'],
    role: 'viewer',
    summary: 'Scans, newest first',
    options: [{ name: 'group', type: 'group', description: 'Group', positional: true, required: false }, PAGE],
    example: 'scan list office',
    audience: 'private',
  },
  ({ store }) =>
    async (context, options) => {
      const group = await findOptionalGroup(store, options);
      const window = pageOf(options, context);
      const { items, total } = await store.scans.list(group === undefined ? {} : { groupId: group.id }, window);
      const name = await groupNames(store);
      const rows = items.map((scan) => ({ scan, groupName: name(scan.groupId) }));
      const where = paging({ path: ['scan', 'list'], group, options, total, rows: context.rows });
      const data = rows.map(({ scan, groupName }) => scanData(scan, groupName));
      return withData(privately(scanListCard(rows, where)), { type: 'scans', total, items: data });
    },
);
