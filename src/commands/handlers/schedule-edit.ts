import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const scheduleEdit = command(
  {
    path: ['schedule', 'edit'],
    role: 'operator',
    summary: 'Change when it runs',
    options: [
      { name: 'id', type: 'schedule', description: 'Schedule', positional: true, required: true },
      {
        name: 'when',
        type: 'when',
        description: 'daily 02:00, every 6h, cron',
        hint: 'Five-field cron, `@hourly @daily @weekly`, `daily 02:00`, `weekdays 18:30`, `weekly mon 02:00`, `every 6h`.',
        positional: true,
        required: false,
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
    example: 'schedule edit 3 daily 03:00',
    audience: 'public',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
