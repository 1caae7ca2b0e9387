import { scheduleListCard } from '../../../cards/schedule.ts';
import { scheduleData } from '../../data/group-data.ts';
import { command } from '../../grammar/command.ts';
import { findOptionalGroup } from '../../input/find.ts';
import { cutPage, PAGE, paging } from '../../input/pages.ts';
import { privately, withData } from '../../private-reply.ts';

export const scheduleList = command(
  {
    path: ['schedule', 'list'],
    role: 'viewer',
    summary: 'All schedules with their next runs',
    options: [{ name: 'group', type: 'group', description: 'Group', positional: true, required: false }, PAGE],
    example: 'schedule list',
    audience: 'private',
  },
  ({ store }) =>
    async (context, options) => {
      const group = await findOptionalGroup(store, options);
      const groups = await store.groups.list();
      const rows = (await store.schedules.list(group?.id)).flatMap((schedule) => {
        const owner = groups.find((candidate) => candidate.id === schedule.groupId);
        return owner === undefined && schedule.groupId !== undefined ? [] : [{ schedule, group: owner }];
      });
      const total = rows.length;
      const shown = cutPage(rows, options, context);
      const where = paging({ path: ['schedule', 'list'], group, options, total, rows: context.rows });
      const items = shown.map((row) => scheduleData(row.schedule, row.group?.name, context.now));
      return withData(privately(scheduleListCard(shown, context.now, where)), { type: 'schedules', total, items });
    },
);
