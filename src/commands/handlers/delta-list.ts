import { DELTA_KINDS } from '../../core/delta.ts';
import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const deltaList = command(
  {
    path: ['delta', 'list'],
    role: 'viewer',
    summary: 'What has changed, newest first',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: false },
      {
        name: 'state',
        type: 'choice',
        description: 'State',
        hint: 'open unless given; `held-back` by mute, window or policy.',
        positional: false,
        required: false,
        choices: ['open', 'answered', 'candidate', 'refuted', 'held-back', 'all'],
      },
      { name: 'kind', type: 'choice', description: 'Kind', positional: false, required: false, choices: DELTA_KINDS },
      {
        name: 'since',
        type: 'time',
        description: 'Since when: 7d, or a date',
        hint: '`24h`, `7d`, `2026-01-31`.',
        positional: false,
        required: false,
      },
      {
        name: 'page',
        type: 'integer',
        description: 'Page of the list',
        positional: false,
        required: false,
        min: 1,
        max: 100000,
      },
    ],
    example: 'delta list office since:7d',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
