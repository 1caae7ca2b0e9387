import { routeListCard } from '../../../cards/admin.ts';
import { withNotes } from '../../../cards/note.ts';
import { awayNotes } from '../../channel-notes.ts';
import { command } from '../../grammar/command.ts';
import { findOptionalGroup } from '../../input/find.ts';
import { privately, withData } from '../../private-reply.ts';

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
      groups.map(async (one) => ({
        groupName: one.name,
        routes: await deps.placesOf(one),
      })),
    );
    const items = rows.map((row) => ({ group: row.groupName, channels: row.routes.map((route) => route.channel) }));
    const places = [...new Set(items.flatMap(({ channels }) => channels))];
    const card = withNotes(routeListCard(rows), awayNotes(places, deps.platforms()));
    return withData(privately(card), { type: 'routes', total: items.length, items });
  },
);
