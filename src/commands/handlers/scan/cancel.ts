import { noteCard } from '../../../cards/note.ts';
import { command } from '../../grammar/command.ts';
import { findScan } from '../../input/find.ts';
import { privately, publicly } from '../../private-reply.ts';

const CANCELLED = {
  judging: 'Cancelled while it was being judged: nothing of it is reported.',
  other: 'Cancelled. What is complete is kept and judged.',
} as const;

export const scanCancel = command(
  {
    path: ['scan', 'cancel'],
    role: 'operator',
    summary: 'End a scan; what is complete is kept',
    options: [{ name: 'id', type: 'scan', description: 'Scan', positional: true, required: true }],
    example: 'scan cancel 12',
    audience: 'public',
  },
  (deps) => async (context, options) => {
    const { scan, group } = await findScan(deps.store, options);
    const cancelled = await deps.cancelScan(scan.id, context.principal.key);
    const title = `${group.name}: scan #${scan.id}`;
    if (!cancelled) return privately(noteCard({ title, tone: 'neutral', lines: ['It had ended already.'] }));
    return publicly(noteCard({ title, lines: [CANCELLED[scan.status === 'judging' ? 'judging' : 'other']] }));
  },
);
