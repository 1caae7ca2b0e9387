import { deltaShowCard } from '../../cards/delta.ts';
import { privately } from '../answers.ts';
import { command } from '../command.ts';
import { findDeltas } from '../find.ts';
import { requiredNumber } from '../options.ts';

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
