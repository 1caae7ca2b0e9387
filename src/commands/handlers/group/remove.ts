import { groupRemoveCard } from '../../../cards/group.ts';
import { whatGoesWith } from '../../../usecases/groups/remove-group.ts';
import { command } from '../../grammar/command.ts';
import { findGroup } from '../../input/find.ts';
import { privately } from '../../private-reply.ts';

export const groupRemove = command(
  {
    path: ['group', 'remove'],
    role: 'operator',
    summary: 'Remove it with all its data (asks first)',
    options: [{ name: 'group', type: 'group', description: 'Group', positional: true, required: true }],
    example: 'group remove office',
    audience: 'private',
  },
  ({ store }) =>
    async (_context, options) => {
      const group = await findGroup(store, options);
      return privately(groupRemoveCard(group, await whatGoesWith(store, group)));
    },
);
