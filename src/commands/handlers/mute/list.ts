import { muteListCard } from '../../../cards/holds.ts';
import { muteData } from '../../data/hold-data.ts';
import { command } from '../../grammar/command.ts';
import { cutPage, PAGE, paging } from '../../input/pages.ts';
import { privately, withData } from '../../private-reply.ts';

export const muteList = command(
  {
    path: ['mute', 'list'],
    role: 'viewer',
    summary: 'Mutes under way, with their end',
    options: [PAGE],
    example: 'mute list',
    audience: 'private',
  },
  ({ store }) =>
    async (context, options) => {
      const mutes = (await store.holds.mutes()).filter((mute) => mute.until > context.now);
      const total = mutes.length;
      const shown = cutPage(mutes, options, context);
      const card = muteListCard(shown, paging({ path: ['mute', 'list'], options, total, rows: context.rows }));
      return withData(privately(card), { type: 'mutes', total, items: shown.map(muteData) });
    },
);
