import { muteLine } from '../../../cards/holds.ts';
import { noteCard } from '../../../cards/note.ts';
import { addMute, parseMuteWhat } from '../../../usecases/holds/add-mute.ts';
import { command } from '../../grammar/command.ts';
import { inOption, requiredNumber, requiredText, textOf } from '../../input/options.ts';
import { publicly } from '../../private-reply.ts';

export const muteAdd = command(
  {
    path: ['mute', 'add'],
    role: 'operator',
    summary: 'Record deltas without announcing them',
    options: [
      {
        name: 'what',
        type: 'text',
        description: 'Group, address, port or kind',
        hint: 'A group, `10.0.0.5`, `10.0.0.5:22/tcp`, a kind, or `group/kind`.',
        positional: true,
        required: true,
      },
      {
        name: 'for',
        type: 'duration',
        description: 'How long: 30m, 2h, 3d',
        hint: '`30m`, `2h`, `1d`; it ends by itself.',
        positional: false,
        required: true,
      },
      { name: 'reason', type: 'text', description: 'Why, in a few words', positional: false, required: false },
    ],
    example: 'mute add 10.0.0.5:22/tcp for:2h reason:"new keys"',
    audience: 'public',
    form: true,
  },
  ({ store }) =>
    async ({ principal, now }, options) => {
      const groups = await store.groups.list();
      const { what, match } = inOption('what', () => parseMuteWhat(requiredText(options, 'what'), groups));
      const reason = textOf(options, 'reason');
      const mute = await addMute(store, {
        what,
        match,
        forMs: requiredNumber(options, 'for'),
        ...(reason === undefined ? {} : { reason }),
        by: principal.key,
        byName: principal.name,
        now,
      });
      const told = 'What it holds back is recorded, and told in one line when it ends.';
      return publicly(noteCard({ title: `Mute ${mute.id} added`, lines: [muteLine(mute), told] }));
    },
);
