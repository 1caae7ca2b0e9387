import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const serviceFind = command(
  {
    path: ['service', 'find'],
    role: 'viewer',
    summary: 'Which hosts offer a service',
    options: [
      { name: 'port', type: 'integer', description: 'Port', positional: false, required: false, min: 0, max: 65535 },
      {
        name: 'name',
        type: 'text',
        description: 'Name of the service',
        hint: 'nmap’s name: `ssh`, `http`.',
        positional: false,
        required: false,
      },
      {
        name: 'product',
        type: 'text',
        description: 'Part of the product name',
        hint: 'A part of it: `openssh`.',
        positional: false,
        required: false,
      },
      { name: 'group', type: 'group', description: 'Group', positional: false, required: false },
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
    example: 'service find port:3389',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
