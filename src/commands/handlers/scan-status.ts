import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const scanStatus = command(
  {
    path: ['scan', 'status'],
    role: 'viewer',
    summary: 'How far running scans are',
    options: [{ name: 'id', type: 'scan', description: 'Scan', positional: true, required: false }],
    example: 'scan status',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
