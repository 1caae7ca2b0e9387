import { noteListCard } from '../../../cards/record-words.ts';
import { noteData } from '../../data/record-data.ts';
import { command } from '../../grammar/command.ts';
import { groupNames } from '../../input/find.ts';
import { textOf } from '../../input/options.ts';
import { cutPage, PAGE, paging } from '../../input/pages.ts';
import { privately, withData } from '../../private-reply.ts';

export const noteList = command(
  {
    path: ['note', 'list'],
    role: 'viewer',
    summary: 'What was written down',
    options: [{ name: 'address', type: 'host', description: 'Address', positional: true, required: false }, PAGE],
    example: 'note list 10.0.0.5',
    audience: 'private',
  },
  ({ store }) =>
    async (context, options) => {
      const address = textOf(options, 'address');
      const all = (await store.records.notes(address)).reverse();
      const name = await groupNames(store);
      const path = ['note', 'list', ...(address === undefined ? [] : [address])];
      const where = paging({ path, options, total: all.length, rows: context.rows });
      const rows = cutPage(all, options, context).map((note) => ({
        note,
        groupName: note.groupId === undefined ? undefined : name(note.groupId),
      }));
      const items = rows.map(({ note, groupName }) => noteData(note, groupName));
      return withData(privately(noteListCard(rows, where)), { type: 'notes', total: all.length, items });
    },
);
