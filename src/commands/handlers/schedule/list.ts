import { scheduleListCard } from '../../../cards/schedule.ts';
import { command } from '../../grammar/command.ts';
import { findOptionalGroup, groupReference } from '../../input/find.ts';
import { cutPage, paging } from '../../input/pages.ts';
import { privately } from '../../private-reply.ts';

export const scheduleList = command(
  {
    path: ['schedule', 'list'],
    role: 'viewer',
    summary: 'All schedules with their next runs',
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
    example: 'schedule list',
    audience: 'private',
  },
  ({ store }) =>
    async ({ now }, options) => {
      const group = await findOptionalGroup(store, options);
      const groups = await store.groups.list();
      const rows = (await store.schedules.list(group?.id)).flatMap((schedule) => {
        const owner = groups.find((candidate) => candidate.id === schedule.groupId);
        return owner === undefined ? [] : [{ schedule, group: owner }];
      });
      const where = paging(['schedule', 'list', ...groupReference(group)], options, [], rows.length);
      return privately(scheduleListCard(cutPage(rows, options), now, where));
    },
);
