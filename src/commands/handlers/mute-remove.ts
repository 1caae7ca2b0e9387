import { endMuteNow } from '../../usecases/end-hold.ts';
import { publicly } from '../answers.ts';
import { command } from '../command.ts';
import { missing } from '../find.ts';
import { heldBackCard } from '../held-back.ts';
import { requiredNumber } from '../options.ts';

export const muteRemove = command(
  {
    path: ['mute', 'remove'],
    role: 'operator',
    summary: 'End a mute now',
    options: [{ name: 'id', type: 'mute', description: 'Mute', positional: true, required: true }],
    example: 'mute remove 2',
    audience: 'public',
  },
  ({ store }) =>
    async ({ now }, options) => {
      const id = requiredNumber(options, 'id');
      const mute = (await store.holds.mutes()).find((candidate) => candidate.id === id);
      const held = mute === undefined ? undefined : await endMuteNow(store, mute, now);
      if (mute === undefined || held === undefined) throw missing('id', 'mute', id, 'mute list');
      return publicly(heldBackCard(`Mute ${id} (${mute.what}) has ended`, held));
    },
);
