import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const scheduleAdd = command(
  {
    path: ['schedule', 'add'],
    role: 'operator',
    summary: 'Scan a group regularly',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      {
        name: 'when',
        type: 'when',
        description: 'daily 02:00, every 6h, cron',
        hint: 'Five-field cron, `@hourly @daily @weekly`, `daily 02:00`, `weekdays 18:30`, `weekly mon 02:00`, `every 6h`.',
        positional: true,
        required: true,
        rest: true,
      },
      {
        name: 'tz',
        type: 'timezone',
        description: 'Time zone, e.g. Europe/Berlin',
        hint: '`Europe/Berlin`; UTC unless given.',
        positional: false,
        required: false,
      },
      {
        name: 'profile',
        type: 'profile',
        description: 'Instead of the group’s profile',
        positional: false,
        required: false,
      },
    ],
    example: 'schedule add office weekdays 18:30 tz:Europe/Berlin',
    audience: 'public',
    form: true,
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
