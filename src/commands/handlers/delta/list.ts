import { deltaListCard } from '../../../cards/delta.ts';
import { asDeltaKind, DELTA_KINDS } from '../../../core/model/delta-kinds.ts';
import type { DeltaFilter } from '../../../ports/store.ts';
import { deltaData } from '../../data/delta-data.ts';
import { command } from '../../grammar/command.ts';
import type { CommandOptions } from '../../grammar/command-description.ts';
import { findOptionalGroup, groupNames } from '../../input/find.ts';
import { textOf } from '../../input/options.ts';
import { pageOf, paging } from '../../input/pages.ts';
import { sinceOf } from '../../input/times.ts';
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
        hint: 'open unless given; `suppressed` by mute, window or policy.',
        positional: false,
        required: false,
        choices: ['open', 'answered', 'candidate', 'refuted', 'suppressed', 'all'],
      },
      { name: 'kind', type: 'choice', description: 'Kind', positional: false, required: false, choices: DELTA_KINDS },
      {
        name: 'since',
        type: 'time',
        description: 'Since when: 7d, or a date',
        hint: '`24h`, `7d`, `2026-01-31`.',
        positional: false,
        required: false,
      },
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
    example: 'delta list office since:7d',
    audience: 'private',
  },
  ({ store }) =>
    async (context, options) => {
      const group = await findOptionalGroup(store, options);
      const filter = { ...filterOf(options, context.now), ...(group === undefined ? {} : { groupId: group.id }) };
      const { items, total } = await store.deltas.list(filter, pageOf(options, context));
      const name = await groupNames(store);
      const rows = items.map((delta) => ({ delta, groupName: name(delta.groupId) }));
      const what = [textOf(options, 'state') ?? 'open', textOf(options, 'kind'), group?.name].filter(
        (part) => part !== undefined,
      );
      const keys = ['state', 'kind', 'since'];
      const where = paging({ path: ['delta', 'list'], group, options, keys, total, rows: context.rows });
      const card = deltaListCard(rows, what.join(', '), where);
      const data = rows.map(({ delta, groupName }) => deltaData(delta, groupName));
      return withData(privately(card), { type: 'deltas', total, items: data });
    },
);

function filterOf(options: CommandOptions, now: number): DeltaFilter {
  const kind = asDeltaKind(textOf(options, 'kind') ?? '');
  const since = sinceOf(options, now);
  return {
    ...stateFilter(textOf(options, 'state') ?? 'open'),
    ...(kind === undefined ? {} : { kind }),
    ...(since === undefined ? {} : { since }),
  };
}

function stateFilter(state: string): DeltaFilter {
  if (state === 'open' || state === 'answered') return { states: ['confirmed'], acknowledgement: state };
  return state === 'candidate' || state === 'refuted' || state === 'suppressed' ? { states: [state] } : {};
}
