import { noteCard } from '../../../cards/note.ts';
import { counted } from '../../../cards/words.ts';
import { command } from '../../grammar/command.ts';
import { DELTA_IDS } from '../../grammar/common-options.ts';
import { findDeltas } from '../../input/find.ts';
import { requiredNumbers } from '../../input/options.ts';
import { privately } from '../../private-reply.ts';

export const deltaRecheck = command(
  {
    path: ['delta', 'recheck'],
    role: 'operator',
    summary: 'Look again now',
    options: [DELTA_IDS],
    example: 'delta recheck 41',
    audience: 'private',
  },
  (deps) => async (context, options) => {
    const deltas = await findDeltas(deps.store, requiredNumbers(options, 'ids'));
    const deltaIds = deltas.map((delta) => delta.id);
    const { scan, note } = await deps.recheck({ deltaIds, by: context.principal.key, now: context.now });
    const answer = privately(
      noteCard({ title: `Recheck of ${counted(deltas.length, 'delta')}`, tone: 'info', lines: [note] }),
    );
    return scan === undefined ? answer : { ...answer, scanId: scan.id };
  },
);
