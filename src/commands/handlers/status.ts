import { statusCard } from '../../cards/status.ts';
import { statusInput } from '../../usecases/views/status-input.ts';
import { command } from '../grammar/command.ts';
import { privately } from '../private-reply.ts';

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
