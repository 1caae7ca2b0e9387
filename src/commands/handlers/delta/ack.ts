import { encodeAction, MAX_ACTION_ID } from '../../../cards/action.ts';
import type { Card } from '../../../cards/card.ts';
import { deltaRowLine } from '../../../cards/delta.ts';
import { code, counted, rich } from '../../../cards/words.ts';
import { UserError } from '../../../core/errors.ts';
import type { Delta } from '../../../core/model/alert.ts';
import type { Group } from '../../../core/model/group.ts';
import type { Store } from '../../../ports/store.ts';
import { answerDeltas } from '../../../usecases/answers/answer-deltas.ts';
import { itemsOf } from '../../../usecases/answers/contents.ts';
import { answered, answerOf } from '../../clicks/answer-summary.ts';
import { itemData } from '../../data/delta-data.ts';
import { DELTA_FILTERS, FILTER_KEYS, findFiltered, hasFilter } from '../../deltas/delta-filters.ts';
import type { CommandResult } from '../../dispatcher.ts';
import { command } from '../../grammar/command.ts';
import type { CommandOptions } from '../../grammar/command-description.ts';
import { NOTE } from '../../grammar/common-options.ts';
import { findDeltas, findOptionalGroup, groupNames } from '../../input/find.ts';
import { numberOf, OptionError, requiredNumbers, textOf } from '../../input/options.ts';
import { paging } from '../../input/pages.ts';
import { privately, withData } from '../../private-reply.ts';

export const deltaAck = command(
  {
    path: ['delta', 'ack'],
    role: 'acknowledger',
    summary: 'Acknowledge deltas',
    options: [
      {
        name: 'ids',
        type: 'deltas',
        description: 'One id or more',
        hint: 'One id or more: `41 42 43`. Without ids, those that fit what follows, after showing them.',
        positional: true,
        required: false,
        rest: true,
      },
      { name: 'group', type: 'group', description: 'Group', positional: false, required: false },
      ...DELTA_FILTERS.filter(({ name }) => name !== 'by'),
      {
        name: 'sure',
        type: 'integer',
        description: 'Up to which id, once seen',
        hint: 'Acknowledges those that fit, up to this id: what came after they were shown stays open.',
        positional: false,
        required: false,
        min: 1,
      },
      NOTE,
    ],
    example: 'delta ack 41 42 note:"new printer"',
    audience: 'private',
  },
  (deps) => async (context, options) => {
    const answer = answerOf('acknowledged', context, textOf(options, 'note'));
    const ids = requiredNumbers(options, 'ids');
    if (ids.length > 0) {
      const deltas = await findDeltas(deps.store, ids);
      return await answered(deps.store, 'acknowledged', await answerDeltas(deps, deltas, answer));
    }
    const group = await findOptionalGroup(deps.store, options);
    if (group === undefined && !hasFilter(options)) throw nothingNamed();
    const open = { states: ['confirmed'], acknowledgement: 'open' } as const;
    const found = await findFiltered(deps.store, open, { group, options, now: context.now });
    const sure = numberOf(options, 'sure');
    if (sure === undefined) return await wouldTake(deps.store, found, { group, options, rows: context.rows });
    const seen = found.filter(({ id }) => id <= sure);
    return await answered(deps.store, 'acknowledged', await answerDeltas(deps, seen, answer));
  },
);

function nothingNamed(): OptionError {
  const error = new UserError('Which ones?', {
    hint: 'Write their ids, `delta ack 41 42`, or what they have in common: `delta ack on:10.0.0.0/24 port:22`.',
  });
  return new OptionError('ids', error);
}

/** First shows which deltas it would answer; the same command with `sure:` answers them. */
async function wouldTake(
  store: Store,
  found: readonly Delta[],
  {
    group,
    options,
    rows,
  }: {
    group: Group | undefined;
    options: CommandOptions<'group' | 'note' | (typeof FILTER_KEYS)[number]>;
    rows: number;
  },
): Promise<CommandResult> {
  const name = await groupNames(store);
  const all = (await itemsOf(store, found)).map((item) => ({ ...item, groupName: name(item.delta.groupId) }));
  const newest = Math.max(0, ...found.map(({ id }) => id));
  const keys = ['group', ...FILTER_KEYS, 'note'] as const;
  const { command: again } = paging({ path: ['delta', 'ack'], options, keys, total: found.length, rows });
  const action = { type: 'run' as const, command: `${again} sure:${newest}` };
  const fits = found.length > 0 && encodeAction(action).length <= MAX_ACTION_ID;
  const label = `Acknowledge ${all.length === 1 ? 'it' : `these ${all.length}`}`;
  const items = all.slice(0, rows).map(deltaRowLine);
  const card: Card = {
    title: found.length === 0 ? 'No open delta fits' : `${counted(all.length, 'delta')} would be acknowledged`,
    tone: 'info',
    sections:
      found.length === 0
        ? []
        : [
            { type: 'list', items, total: all.length },
            { type: 'text', text: rich('Nothing is acknowledged yet. To do it: ', code(action.command)) },
          ],
    controls: fits ? [{ type: 'button', label, style: 'primary', action }] : [],
  };
  const data = all.slice(0, rows).map(itemData);
  return withData(privately(group === undefined ? card : { ...card, footer: [group.name] }), {
    type: 'deltas',
    total: all.length,
    items: data,
  });
}
