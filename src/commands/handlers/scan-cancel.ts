import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const scanCancel = command(
  {
    path: ['scan', 'cancel'],
    role: 'operator',
    summary: 'End a scan; what is complete is kept',
    options: [{ name: 'id', type: 'scan', description: 'Scan', positional: true, required: true }],
    example: 'scan cancel 12',
    audience: 'public',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
