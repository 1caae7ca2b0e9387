import { noteCard } from '../../../cards/note.ts';
import { noteLine } from '../../../cards/record-words.ts';
import { command } from '../../grammar/command.ts';
import { missing } from '../../input/find.ts';
import { requiredNumber } from '../../input/options.ts';
import { publicly } from '../../private-reply.ts';

export const noteRemove = command(
  {
    path: ['note', 'remove'],
    role: 'acknowledger',
    summary: 'Remove a note',
    options: [{ name: 'id', type: 'note', description: 'Note', positional: true, required: true }],
    example: 'note remove 3',
    audience: 'public',
  },
  ({ store }) =>
    async (_context, options) => {
      const id = requiredNumber(options, 'id');
      const note = (await store.records.notes()).find((one) => one.id === id);
      if (note === undefined || !(await store.records.removeNote(id))) throw missing('id', 'note', id, 'note list');
      return publicly(noteCard({ title: 'Note removed', lines: [noteLine(note)] }));
    },
);
