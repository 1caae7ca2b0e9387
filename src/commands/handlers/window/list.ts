import { windowListCard } from '../../../cards/holds.ts';
import { windowData } from '../../data/hold-data.ts';
import { command } from '../../grammar/command.ts';
import { findOptionalGroup, groupNames } from '../../input/find.ts';
import { cutPage, PAGE, paging } from '../../input/pages.ts';
import { privately, withData } from '../../private-reply.ts';

export const windowList = command(
  {
    path: ['window', 'list'],
    role: 'viewer',
    summary: 'Maintenance windows and their next opening',
    options: [{ name: 'group', type: 'group', description: 'Group', positional: true, required: false }, PAGE],
    example: 'window list',
    audience: 'private',
  },
  ({ store }) =>
    async (context, options) => {
      const group = await findOptionalGroup(store, options);
      const windows = await store.holds.windows(group?.id);
      const name = await groupNames(store);
      const { now, rows } = context;
      const total = windows.length;
      const shown = cutPage(windows, options, context).map((window) => ({ window, groupName: name(window.groupId) }));
      const card = windowListCard(shown, now, paging({ path: ['window', 'list'], group, options, total, rows }));
      const items = shown.map(({ window, groupName }) => windowData(window, groupName, now));
      return withData(privately(card), { type: 'windows', total, items });
    },
);
