import { answerDeltas } from '../../../usecases/answers/answer-deltas.ts';
import { answered, answerOf } from '../../clicks/answer-summary.ts';
import { command } from '../../grammar/command.ts';
import { findDeltas } from '../../input/find.ts';
import { requiredNumbers, textOf } from '../../input/options.ts';

export const deltaAck = command(
  {
    path: ['delta', 'ack'],
    role: 'acknowledger',
    summary: 'Take note of deltas',
    options: [
      {
        name: 'ids',
        type: 'deltas',
        description: 'One id or more',
        hint: 'One id or more: `41 42 43`.',
        positional: true,
        required: true,
        rest: true,
      },
      {
        name: 'note',
        type: 'text',
        description: 'Why, in a few words',
        hint: 'Kept beside who and when.',
        positional: false,
        required: false,
      },
    ],
    example: 'delta ack 41 42 note:"new printer"',
    audience: 'private',
  },
  (deps) => async (context, options) => {
    const deltas = await findDeltas(deps.store, requiredNumbers(options, 'ids'));
    const answer = answerOf('acknowledged', context, textOf(options, 'note'));
    return await answered(deps.store, 'acknowledged', await answerDeltas(deps, deltas, answer));
  },
);
