import { removeWindowNow } from '../../../usecases/holds/end-hold.ts';
import { windowData } from '../../data/hold-data.ts';
import { command } from '../../grammar/command.ts';
import { heldBackCard } from '../../held-back.ts';
import { groupNames, missing } from '../../input/find.ts';
import { requiredNumber } from '../../input/options.ts';
import { changing, publicly } from '../../private-reply.ts';

export const windowRemove = command(
  {
    path: ['window', 'remove'],
    role: 'operator',
    summary: 'Remove a maintenance window',
    options: [{ name: 'id', type: 'window', description: 'Window', positional: true, required: true }],
    example: 'window remove 2',
    audience: 'public',
  },
  (deps) =>
    async ({ now }, options) => {
      const { store } = deps;
      const id = requiredNumber(options, 'id');
      const window = (await store.holds.windows()).find((candidate) => candidate.id === id);
      const held = window === undefined ? undefined : await removeWindowNow(deps, window, now);
      if (window === undefined || held === undefined) throw missing('id', 'window', id, 'window list');
      const name = await groupNames(store);
      const before = windowData(window, name(window.groupId), now);
      return changing(publicly(heldBackCard(`Window ${id} (${window.phrase}) removed`, held)), { before, after: null });
    },
);
