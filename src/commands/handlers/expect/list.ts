import { expectListCard } from '../../../cards/holds.ts';
import { expectationData } from '../../data/hold-data.ts';
import { command } from '../../grammar/command.ts';
import { findOptionalGroup, groupNames } from '../../input/find.ts';
import { cutPage, PAGE, paging } from '../../input/pages.ts';
import { privately, withData } from '../../private-reply.ts';

export const expectList = command(
  {
    path: ['expect', 'list'],
    role: 'viewer',
    summary: 'Approved changes that are awaited',
    options: [{ name: 'group', type: 'group', description: 'Group', positional: true, required: false }, PAGE],
    example: 'expect list',
    audience: 'private',
  },
  ({ store }) =>
    async (context, options) => {
      const group = await findOptionalGroup(store, options);
      const all = await store.holds.expectations({
        status: 'waiting',
        ...(group === undefined ? {} : { groupId: group.id }),
      });
      const name = await groupNames(store);
      const total = all.length;
      const shown = cutPage(all, options, context).map((expectation) => ({
        expectation,
        groupName: name(expectation.groupId),
      }));
      const paged = { path: ['expect', 'list'], group, options, total, rows: context.rows };
      const items = shown.map(({ expectation, groupName }) => expectationData(expectation, groupName));
      return withData(privately(expectListCard(shown, paging(paged))), { type: 'expectations', total, items });
    },
);
