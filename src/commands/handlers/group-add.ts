import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';
import { groupOptions } from '../group-options.ts';

export const groupAdd = command(
  {
    path: ['group', 'add'],
    role: 'operator',
    summary: 'Define what to watch, and how',
    options: [
      {
        name: 'name',
        type: 'text',
        description: 'A short name for it',
        hint: 'Up to 64 letters, digits, `-`, `_` and `.`.',
        positional: true,
        required: true,
      },
      {
        name: 'targets',
        type: 'targets',
        description: 'CIDRs, ranges, addresses, host names',
        hint: 'CIDR, range (`10.0.0.1-50`), address or host name, IPv4 or IPv6; comma or space between.',
        positional: true,
        required: true,
        rest: true,
      },
      ...groupOptions,
    ],
    example: 'group add office 10.0.0.0/24 10.0.1.1-50 exclude:10.0.0.1 profile:quick',
    audience: 'public',
    form: true,
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
