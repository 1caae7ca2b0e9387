import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const muteAdd = command(
  {
    path: ['mute', 'add'],
    role: 'operator',
    summary: 'Record deltas without announcing them',
    options: [
      {
        name: 'what',
        type: 'mute',
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
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
