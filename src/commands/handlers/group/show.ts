import { groupShowCard } from '../../../cards/group.ts';
import { withNotes } from '../../../cards/note.ts';
import { groupFacts } from '../../../usecases/groups/group-facts.ts';
import { holdsInForce } from '../../../usecases/views/holds-in-force.ts';
import { awayNotes } from '../../channel-notes.ts';
import { groupData } from '../../data/group-data.ts';
import { command } from '../../grammar/command.ts';
import { findGroup } from '../../input/find.ts';
import { privately, withData } from '../../private-reply.ts';

export const groupShow = command(
  {
    path: ['group', 'show'],
    role: 'viewer',
    summary: 'Targets, settings and state',
    options: [{ name: 'group', type: 'group', description: 'Group', positional: true, required: true }],
    example: 'group show office',
    audience: 'private',
  },
  ({ store, placesOf, platforms }) =>
    async ({ now }, options) => {
      const group = await findGroup(store, options);
      const scans = await store.scans.list({ groupId: group.id, kind: 'scan' }, { limit: 1, offset: 0 });
      const state = {
        codes: await store.states.countByCode(group.id),
        openDeltas: (await store.deltas.countOpen()).get(group.id) ?? 0,
        schedules: await store.schedules.list(group.id),
        lastScan: scans.items[0],
        now,
      };
      const places = (await placesOf(group)).map(({ channel }) => channel);
      const baseline = (await store.records.baselines(group.id)).at(-1);
      const shown = groupShowCard(group, await groupFacts(store, group), { ...state, baseline });
      const holds = await holdsInForce(store, now, { group });
      const card = withNotes(shown, [...holds, ...awayNotes(places, platforms())]);
      return withData(privately(card), { type: 'groups', total: 1, items: [groupData(group)] });
    },
);
