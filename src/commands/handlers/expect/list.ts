import { expectListCard } from '../../../cards/holds.ts';
import { command } from '../../grammar/command.ts';
import { findOptionalGroup, groupNames, groupReference } from '../../input/find.ts';
import { cutPage, paging } from '../../input/pages.ts';
import { privately } from '../../private-reply.ts';

export const expectList = command(
  {
    path: ['expect', 'list'],
    role: 'viewer',
    summary: 'Approved changes that are awaited',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: false },
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
    example: 'expect list',
    audience: 'private',
  },
  ({ store }) =>
    async (_context, options) => {
      const group = await findOptionalGroup(store, options);
      const all = await store.holds.expectations({
        status: 'waiting',
        ...(group === undefined ? {} : { groupId: group.id }),
      });
      const name = await groupNames(store);
      const rows = cutPage(all, options).map((expectation) => ({ expectation, groupName: name(expectation.groupId) }));
      return privately(
        expectListCard(rows, paging(['expect', 'list', ...groupReference(group)], options, [], all.length)),
      );
    },
);
