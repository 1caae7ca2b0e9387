import { undoAnswers } from '../../../usecases/answers/answer-deltas.ts';
import { answered } from '../../clicks/answer-summary.ts';
import { command } from '../../grammar/command.ts';
import { DELTA_IDS } from '../../grammar/common-options.ts';
import { findDeltas } from '../../input/find.ts';
import { requiredNumbers } from '../../input/options.ts';

export const deltaUndo = command(
  {
    path: ['delta', 'undo'],
    role: 'acknowledger',
    summary: 'Take an answer back',
    options: [DELTA_IDS],
    example: 'delta undo 41',
    audience: 'private',
  },
  (deps) =>
    async ({ principal, now }, options) => {
      const deltas = await findDeltas(deps.store, requiredNumbers(options, 'ids'));
      const by = { by: principal.key, byName: principal.name, at: now };
      return await answered(deps.store, 'undone', await undoAnswers(deps, deltas, by));
    },
);
