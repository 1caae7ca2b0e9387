import { deltaShowCard } from '../../../cards/delta.ts';
import { command } from '../../grammar/command.ts';
import { findDeltas } from '../../input/find.ts';
import { requiredNumber } from '../../input/options.ts';
import { privately } from '../../private-reply.ts';

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
      return privately(deltaShowCard(delta, await store.groups.byId(delta.groupId)));
    },
);
