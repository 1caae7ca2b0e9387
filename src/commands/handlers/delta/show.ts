import { deltaShowCard } from '../../../cards/delta.ts';
import { deltaData } from '../../data/delta-data.ts';
import { command } from '../../grammar/command.ts';
import { findDeltas } from '../../input/find.ts';
import { requiredNumber } from '../../input/options.ts';
import { privately, withData } from '../../private-reply.ts';

export const deltaShow = command(
  {
    path: ['delta', 'show'],
    role: 'viewer',
    summary: 'One delta with its evidence',
    options: [{ name: 'id', type: 'delta', description: 'Delta', positional: true, required: true }],
    example: 'delta show 41',
    audience: 'private',
  },
  ({ store }) =>
    async (_context, options) => {
      const [delta] = await findDeltas(store, [requiredNumber(options, 'id')], 'id');
      if (delta === undefined) throw new Error('a delta that was found is gone');
      const group = await store.groups.byId(delta.groupId);
      const items = [deltaData(delta, group?.name ?? '')];
      return withData(privately(deltaShowCard(delta, group)), { type: 'deltas', total: 1, items });
    },
);
