import { hostShowCard } from '../../../cards/host.ts';
import { withNotes } from '../../../cards/note.ts';
import { UserError } from '../../../core/errors.ts';
import { holdsInForce } from '../../../usecases/views/holds-in-force.ts';
import { hostViews } from '../../../usecases/views/host-views.ts';
import { hostData } from '../../data/host-data.ts';
import { command } from '../../grammar/command.ts';
import { findOptionalGroup } from '../../input/find.ts';
import { OptionError, requiredText } from '../../input/options.ts';
import { privately, withData } from '../../private-reply.ts';

export const hostShow = command(
  {
    path: ['host', 'show'],
    role: 'viewer',
    summary: 'Status, services, misses, history',
    options: [
      { name: 'address', type: 'host', description: 'Address', positional: true, required: true },
      { name: 'group', type: 'group', description: 'Group', positional: false, required: false },
    ],
    example: 'host show 10.0.0.5',
    audience: 'private',
  },
  ({ store }) =>
    async ({ now }, options) => {
      const address = requiredText(options, 'address');
      const views = await hostViews(store, address, await findOptionalGroup(store, options));
      if (views.length > 0) {
        const items = views.flatMap(({ state, group, records }) =>
          state === undefined ? [] : [hostData(state, group.name, records)],
        );
        const holds = (
          await Promise.all(views.map(({ group }) => holdsInForce(store, now, { group, address })))
        ).flat();
        const card = withNotes(hostShowCard(address, views), holds);
        return withData(privately(card), { type: 'hosts', total: items.length, items });
      }
      const hint = '`group list` shows what is watched.';
      throw new OptionError('address', new UserError(`No group watches ${address}.`, { word: address, hint }));
    },
);
