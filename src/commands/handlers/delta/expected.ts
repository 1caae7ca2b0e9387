import { answerDeltas } from '../../../usecases/answers/answer-deltas.ts';
import { answered, answerOf } from '../../clicks/answer-summary.ts';
import { command } from '../../grammar/command.ts';
import { DELTA_IDS, NOTE } from '../../grammar/common-options.ts';
import { findDeltas } from '../../input/find.ts';
import { requiredNumbers, textOf } from '../../input/options.ts';

export const deltaExpected = command(
  {
    path: ['delta', 'expected'],
    role: 'acknowledger',
    summary: 'It was planned: no incident',
    options: [DELTA_IDS, NOTE],
    example: 'delta expected 41 note:CHG-1234',
    audience: 'private',
  },
  (deps) => async (context, options) => {
    const deltas = await findDeltas(deps.store, requiredNumbers(options, 'ids'));
    const answer = answerOf('expected', context, textOf(options, 'note'));
    return await answered(deps.store, 'expected', await answerDeltas(deps, deltas, answer));
  },
);
