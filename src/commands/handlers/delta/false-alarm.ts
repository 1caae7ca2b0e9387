import { markFalseAlarms } from '../../../usecases/answers/answer-deltas.ts';
import { answered, answerOf } from '../../clicks/answer-summary.ts';
import { command } from '../../grammar/command.ts';
import { DELTA_IDS } from '../../grammar/common-options.ts';
import { findDeltas } from '../../input/find.ts';
import { requiredNumbers } from '../../input/options.ts';

export const deltaFalseAlarm = command(
  {
    path: ['delta', 'false-alarm'],
    role: 'operator',
    summary: 'Mark as false alarm, and teach the judge',
    options: [DELTA_IDS],
    example: 'delta false-alarm 41',
    audience: 'private',
  },
  (deps) => async (context, options) => {
    const deltas = await findDeltas(deps.store, requiredNumbers(options, 'ids'));
    const answer = answerOf('false-alarm', context, undefined);
    return await answered(deps.store, 'false-alarm', await markFalseAlarms(deps, deltas, answer));
  },
);
