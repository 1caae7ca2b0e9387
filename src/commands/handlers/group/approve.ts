import { noteCard } from '../../../cards/note.ts';
import { baselineWords } from '../../../cards/record-words.ts';
import { code, counted, inlines, rich } from '../../../cards/words.ts';
import { approveGroup } from '../../../usecases/records/approve-group.ts';
import { command } from '../../grammar/command.ts';
import { findGroup } from '../../input/find.ts';
import { inOptionLater, textOf } from '../../input/options.ts';
import { publicly } from '../../private-reply.ts';

export const groupApprove = command(
  {
    path: ['group', 'approve'],
    role: 'operator',
    summary: 'Sign what is up and open as its baseline',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      {
        name: 'note',
        type: 'text',
        description: 'Why, in a few words',
        hint: 'A ticket, or why: `CHG-1234`. Shown by `host show` and `service find`.',
        positional: false,
        required: false,
      },
    ],
    example: 'group approve office note:"audit Q4"',
    audience: 'public',
  },
  ({ store }) =>
    async ({ principal, now }, options) => {
      const group = await findGroup(store, options);
      const note = textOf(options, 'note');
      const signed = { by: principal.key, byName: principal.name, at: now, ...(note === undefined ? {} : { note }) };
      const baseline = await inOptionLater('group', () => approveGroup(store, group, signed));
      const open = (await store.deltas.countOpen()).get(group.id) ?? 0;
      return publicly(
        noteCard({
          title: `Baseline of ${group.name} approved`,
          lines: [
            rich('What is up and open now is ', ...inlines(baselineWords(baseline)), '.'),
            ...(open === 0
              ? []
              : [
                  rich(
                    `${counted(open, 'of its changes is', 'of its changes are')} open: `,
                    code(`delta ack-all ${group.name}`),
                    ` answers ${open === 1 ? 'it' : 'them'}.`,
                  ),
                ]),
          ],
        }),
      );
    },
);
