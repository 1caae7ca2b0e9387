import { allDeltas } from '../../../usecases/answers/all-deltas.ts';
import { answerDeltas } from '../../../usecases/answers/answer-deltas.ts';
import { answered, answerOf } from '../../clicks/answer-summary.ts';
import { command } from '../../grammar/command.ts';
import { NOTE } from '../../grammar/common-options.ts';
import { findGroup } from '../../input/find.ts';
import { textOf } from '../../input/options.ts';

export const deltaAckAll = command(
  {
    path: ['delta', 'ack-all'],
    role: 'acknowledger',
    summary: 'Acknowledge everything that is open',
    options: [{ name: 'group', type: 'group', description: 'Group', positional: true, required: true }, NOTE],
    example: 'delta ack-all office note:moved',
    audience: 'private',
  },
  (deps) => async (context, options) => {
    const group = await findGroup(deps.store, options);
    const open = { groupId: group.id, states: ['confirmed'], acknowledgement: 'open' } as const;
    const items = await allDeltas(deps.store, open);
    const answer = answerOf('acknowledged', context, textOf(options, 'note'));
    return await answered(deps.store, 'acknowledged', await answerDeltas(deps, items, answer));
  },
);
