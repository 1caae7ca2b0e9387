import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const status = command(
  {
    path: ['status'],
    role: 'viewer',
    summary: 'Running scans, queue, workers, next runs, open deltas',
    options: [],
    example: 'status',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
