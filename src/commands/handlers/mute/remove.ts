import { endMuteNow } from '../../../usecases/holds/end-hold.ts';
import { muteData } from '../../data/hold-data.ts';
import { command } from '../../grammar/command.ts';
import { heldBackCard } from '../../held-back.ts';
import { missing } from '../../input/find.ts';
import { requiredNumber } from '../../input/options.ts';
import { changing, publicly } from '../../private-reply.ts';

export const muteRemove = command(
  {
    path: ['mute', 'remove'],
    role: 'operator',
    summary: 'End a mute now',
    options: [{ name: 'id', type: 'mute', description: 'Mute', positional: true, required: true }],
    example: 'mute remove 2',
    audience: 'public',
  },
  (deps) =>
    async ({ now }, options) => {
      const { store } = deps;
      const id = requiredNumber(options, 'id');
      const mute = (await store.holds.mutes()).find((candidate) => candidate.id === id);
      const held = mute === undefined ? undefined : await endMuteNow(deps, mute, now);
      if (mute === undefined || held === undefined) throw missing('id', 'mute', id, 'mute list');
      const card = heldBackCard(`Mute ${id} (${mute.what}) has ended`, held);
      return changing(publicly(card), { before: muteData(mute), after: null });
    },
);
