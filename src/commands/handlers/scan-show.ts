import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const scanShow = command(
  {
    path: ['scan', 'show'],
    role: 'viewer',
    summary: 'What a scan found',
    options: [
      { name: 'id', type: 'scan', description: 'Scan', positional: true, required: true },
      { name: 'against', type: 'scan', description: 'Compare with this scan', positional: false, required: false },
    ],
    example: 'scan show 12 against:11',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
