import { muteListCard } from '../../../cards/holds.ts';
import { command } from '../../grammar/command.ts';
import { cutPage, paging } from '../../input/pages.ts';
import { privately } from '../../private-reply.ts';

export const muteList = command(
  {
    path: ['mute', 'list'],
    role: 'viewer',
    summary: 'Mutes under way, with their end',
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
    example: 'mute list',
    audience: 'private',
  },
  ({ store }) =>
    async ({ now }, options) => {
      const mutes = (await store.holds.mutes()).filter((mute) => mute.until > now);
      return privately(muteListCard(cutPage(mutes, options), paging(['mute', 'list'], options, [], mutes.length)));
    },
);
