import { noteCard } from '../../../cards/note.ts';
import { command } from '../../grammar/command.ts';
import { findScan } from '../../input/find.ts';
import { privately, publicly } from '../../private-reply.ts';

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
    return publicly(noteCard({ title, lines: ['Cancelled. What is complete is kept and judged.'] }));
  },
);
