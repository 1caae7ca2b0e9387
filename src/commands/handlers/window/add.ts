import { windowLine } from '../../../cards/holds.ts';
import { noteCard } from '../../../cards/note.ts';
import { defined } from '../../../core/defined.ts';
import { addWindow } from '../../../usecases/holds/add-window.ts';
import { windowData } from '../../data/hold-data.ts';
import { command } from '../../grammar/command.ts';
import { HOW_LONG, REASON, ZONE_OR_UTC } from '../../grammar/common-options.ts';
import { findGroup } from '../../input/find.ts';
import { inOptionLater, requiredNumber, requiredText, textOf } from '../../input/options.ts';
import { changing, publicly } from '../../private-reply.ts';

export const windowAdd = command(
  {
    path: ['window', 'add'],
    role: 'operator',
    summary: 'Plan a maintenance window',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      {
        name: 'when',
        type: 'when',
        description: '2026-12-01 22:00, weekly sun 02:00',
        hint: 'Five-field cron, `@hourly @daily @weekly`, `daily 02:00`, `weekdays 18:30`, `weekly mon 02:00`, `every 6h`, or once: `2026-12-01 22:00`.',
        positional: true,
        required: true,
        rest: true,
      },
      HOW_LONG,
      ZONE_OR_UTC,
      REASON,
    ],
    example: 'window add office weekly sun 02:00 for:2h tz:Europe/Berlin',
    audience: 'public',
  },
  ({ store }) =>
    async ({ principal, now }, options) => {
      const group = await findGroup(store, options);
      const reason = textOf(options, 'reason');
      const window = await inOptionLater('when', () =>
        addWindow(store, {
          group,
          phrase: requiredText(options, 'when'),
          zone: textOf(options, 'tz') ?? 'UTC',
          durationMs: requiredNumber(options, 'for'),
          ...defined({ reason }),
          by: principal.key,
          byName: principal.name,
          now,
        }),
      );
      const told =
        'What changes while it is open is recorded; what still holds when it closes is reported then, and open.';
      const card = noteCard({ title: `Window ${window.id} added`, lines: [windowLine(window, group.name, now), told] });
      return changing(publicly(card), { before: null, after: windowData(window, group.name, now) });
    },
);
