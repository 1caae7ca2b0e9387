import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const deliveryList = command(
  {
    path: ['delivery', 'list'],
    role: 'admin',
    summary: 'What could not be delivered',
    options: [
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
    example: 'delivery list',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
