import { toCsv } from '../../../cards/csv.ts';
import { counted } from '../../../cards/words.ts';
import { defined } from '../../../core/defined.ts';
import type { AuditEntry, Store } from '../../../ports/store.ts';
import { command } from '../../grammar/command.ts';
import { sinceOf } from '../../input/times.ts';
import { privately } from '../../private-reply.ts';

const BATCH = 1_000;
/** Some MB of CSV; `since:` gets the rest in further exports. */
const MOST = 50_000;
const HEAD = ['id', 'time', 'who', 'name', 'channel', 'kind', 'request', 'outcome', 'detail', 'change', 'answers'];

export const auditExport = command(
  {
    path: ['audit', 'export'],
    role: 'admin',
    summary: 'All audit entries as a file, reads included',
    options: [
      { name: 'since', type: 'time', description: 'Since when: 7d, or a date', positional: false, required: false },
    ],
    example: 'audit export since:30d',
    audience: 'private',
  },
  ({ store }) =>
    async (context, options) => {
      const { entries, total } = await readAll(store, sinceOf(options, context.now));
      const content = toCsv([HEAD, ...entries.map(rowOf)]);
      const more = total > entries.length ? ` of ${total}; the newest come first` : '';
      return privately({
        title: `${counted(entries.length, 'audit entry', 'audit entries')}${more}`,
        tone: 'info',
        sections: [],
        controls: [],
        attachment: { name: 'netdelta-audit.csv', mimeType: 'text/csv', content, when: 'always' },
      });
    },
);

async function readAll({ audit }: Store, since: number | undefined): Promise<{ entries: AuditEntry[]; total: number }> {
  const filter = { reads: true, ...defined({ since }) };
  const entries: AuditEntry[] = [];
  for (;;) {
    const { items, total } = await audit.list(filter, { limit: BATCH, offset: entries.length });
    entries.push(...items);
    if (items.length === 0 || entries.length >= Math.min(total, MOST)) return { entries, total };
  }
}

function rowOf(entry: AuditEntry): string[] {
  const { id, at, who, name, channel, request, outcome } = entry;
  const rest = [entry.detail ?? '', entry.change ?? '', String(entry.answers ?? '')];
  return [String(id), new Date(at).toISOString(), who, name, channel, entry.kind ?? 'deed', request, outcome, ...rest];
}
