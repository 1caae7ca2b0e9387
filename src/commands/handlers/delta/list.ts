import { deltaListCard } from '../../../cards/delta.ts';
import type { DeltaFilter } from '../../../ports/store.ts';
import { itemsOf } from '../../../usecases/answers/contents.ts';
import { itemData } from '../../data/delta-data.ts';
import { DELTA_FILTERS, FILTER_KEYS, findFiltered } from '../../deltas/delta-filters.ts';
import { command } from '../../grammar/command.ts';
import { findOptionalGroup, groupNames } from '../../input/find.ts';
import { textOf } from '../../input/options.ts';
import { cutPage, PAGE, paging } from '../../input/pages.ts';
import { privately, withData } from '../../private-reply.ts';

export const deltaList = command(
  {
    path: ['delta', 'list'],
    role: 'viewer',
    summary: 'What has changed, newest first',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: false },
      {
        name: 'state',
        type: 'choice',
        description: 'State',
        hint: '`suppressed`: held back by a mute, a window or a policy.',
        preset: 'open',
        positional: false,
        required: false,
        choices: ['open', 'answered', 'candidate', 'refuted', 'suppressed', 'all'],
      },
      ...DELTA_FILTERS,
      PAGE,
    ],
    example: 'delta list office on:10.0.0.0/26 risk:high,critical since:7d',
    audience: 'private',
  },
  ({ store }) =>
    async (context, options) => {
      const group = await findOptionalGroup(store, options);
      const state = textOf(options, 'state') ?? 'open';
      const found = await findFiltered(store, stateFilter(state), { group, options, now: context.now });
      const all = await itemsOf(store, found);
      const total = all.length;
      const name = await groupNames(store);
      const rows = cutPage(all, options, context).map((item) => ({ ...item, groupName: name(item.delta.groupId) }));
      const keys = ['state', ...FILTER_KEYS] as const;
      const chosen = FILTER_KEYS.flatMap((key) => textOf(options, key) ?? []);
      const what = [state, ...chosen, ...(group === undefined ? [] : [group.name])];
      const where = paging({ path: ['delta', 'list'], group, options, keys, total, rows: context.rows });
      const card = deltaListCard(rows, what.join(', '), where);
      const data = rows.map(itemData);
      return withData(privately(card), { type: 'deltas', total, items: data });
    },
);

function stateFilter(state: string): DeltaFilter {
  if (state === 'open' || state === 'answered') return { states: ['confirmed'], acknowledgement: state };
  return state === 'candidate' || state === 'refuted' || state === 'suppressed' ? { states: [state] } : {};
}
