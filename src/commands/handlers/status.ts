import { statusCard } from '../../cards/status.ts';
import { statusInput } from '../../usecases/status-input.ts';
import { privately } from '../answers.ts';
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
  (deps) =>
    async ({ now }) =>
      privately(statusCard(await statusInput(deps, now))),
);
