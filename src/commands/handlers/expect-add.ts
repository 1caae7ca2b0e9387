import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const expectAdd = command(
  {
    path: ['expect', 'add'],
    role: 'operator',
    summary: 'Announce an approved change',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      {
        name: 'what',
        type: 'targets',
        description: '10.0.0.5:443/tcp',
        hint: '`10.0.0.5:443`, `[2001:db8::1]:53/udp`; several with spaces or commas.',
        positional: true,
        required: true,
        rest: true,
      },
      {
        name: 'until',
        type: 'time',
        description: 'Until when: 3d, or a date',
        hint: '`3d`, `2026-12-01 18:00` (UTC).',
        positional: false,
        required: true,
      },
      { name: 'reason', type: 'text', description: 'Why, in a few words', positional: false, required: false },
      { name: 'ticket', type: 'text', description: 'Ticket', positional: false, required: false },
    ],
    example: 'expect add office 10.0.0.5:443 until:3d ticket:CHG-1234',
    audience: 'public',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
