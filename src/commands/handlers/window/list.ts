import { windowListCard } from '../../../cards/holds.ts';
import { command } from '../../grammar/command.ts';
import { findOptionalGroup, groupNames, groupReference } from '../../input/find.ts';
import { cutPage, paging } from '../../input/pages.ts';
import { privately } from '../../private-reply.ts';

export const windowList = command(
  {
    path: ['window', 'list'],
    role: 'viewer',
    summary: 'Maintenance windows and their next opening',
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
    example: 'window list',
    audience: 'private',
  },
  ({ store }) =>
    async ({ now }, options) => {
      const group = await findOptionalGroup(store, options);
      const windows = await store.holds.windows(group?.id);
      const name = await groupNames(store);
      const rows = cutPage(windows, options).map((window) => ({ window, groupName: name(window.groupId) }));
      const where = paging(['window', 'list', ...groupReference(group)], options, [], windows.length);
      return privately(windowListCard(rows, now, where));
    },
);
