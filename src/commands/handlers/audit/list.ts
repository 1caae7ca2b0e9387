import { auditListCard } from '../../../cards/admin.ts';
import { defined } from '../../../core/defined.ts';
import { auditData } from '../../data/admin-data.ts';
import { command } from '../../grammar/command.ts';
import { textOf } from '../../input/options.ts';
import { PAGE, pageOf, paging } from '../../input/pages.ts';
import { sinceOf } from '../../input/times.ts';
import { privately, withData } from '../../private-reply.ts';

export const auditList = command(
  {
    path: ['audit', 'list'],
    role: 'admin',
    summary: 'Who did what, when, from where',
    options: [
      {
        name: 'since',
        type: 'time',
        description: 'Since when: 7d, or a date',
        hint: '`24h`, `7d`, `2026-01-31`.',
        positional: false,
        required: false,
      },
      { name: 'who', type: 'who', orName: true, description: 'Who', positional: false, required: false },
      {
        name: 'reads',
        type: 'boolean',
        description: 'With what only looked',
        positional: false,
        required: false,
      },
      PAGE,
    ],
    example: 'audit list since:7d',
    audience: 'private',
  },
  ({ store }) =>
    async (context, options) => {
      const [since, who] = [sinceOf(options, context.now), textOf(options, 'who')];
      const reads = options['reads'] === 'true';
      const filter = { ...defined({ since, who }), reads };
      const { items, total } = await store.audit.list(filter, pageOf(options, context));
      const keys = ['since', 'who', 'reads'] as const;
      const where = paging({ path: ['audit', 'list'], options, keys, total, rows: context.rows });
      const card = auditListCard(items, where);
      return withData(privately(card), { type: 'audit', total, items: items.map(auditData) });
    },
);
