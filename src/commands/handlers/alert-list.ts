import { routeListCard } from '../../cards/admin.ts';
import { privately } from '../answers.ts';
import { command } from '../command.ts';
import { findOptionalGroup } from '../find.ts';

export const alertList = command(
  {
    path: ['alert', 'list'],
    role: 'admin',
    summary: 'Where alerts of groups go',
    options: [{ name: 'group', type: 'group', description: 'Group', positional: true, required: false }],
    example: 'alert list',
    audience: 'private',
  },
  (deps) => async (_context, options) => {
    const group = await findOptionalGroup(deps.store, options);
    const groups = group === undefined ? await deps.store.groups.list() : [group];
    const rows = await Promise.all(
      groups.map(async (one) => ({ groupName: one.name, channels: await deps.channelsOf(one) })),
    );
    return privately(routeListCard(rows));
  },
);
