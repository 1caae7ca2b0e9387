import { UserError } from '../../core/errors.ts';
import { HOST_CODES } from '../../core/state.ts';
import { command } from '../command.ts';

export const hostList = command(
  {
    path: ['host', 'list'],
    role: 'viewer',
    summary: 'Hosts of a group by status',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      {
        name: 'code',
        type: 'choice',
        description: 'Status of the host',
        positional: false,
        required: false,
        choices: HOST_CODES,
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
    example: 'host list office code:down',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
