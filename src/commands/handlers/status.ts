import { statusCard } from '../../cards/status.ts';
import { statusInput } from '../../usecases/views/status-input.ts';
import { statusData } from '../data/status-data.ts';
import { command } from '../grammar/command.ts';
import { privately, withData } from '../private-reply.ts';

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
    async ({ now }) => {
      const input = await statusInput(deps, now);
      return withData(privately(statusCard(input)), statusData(input));
    },
);
