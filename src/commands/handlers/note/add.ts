import { noteCard } from '../../../cards/note.ts';
import { noteLine } from '../../../cards/record-words.ts';
import { UserError } from '../../../core/errors.ts';
import { parseTags } from '../../../core/model/record.ts';
import { parseWhere } from '../../../core/network/endpoint.ts';
import { cleanText } from '../../../core/text.ts';
import { command } from '../../grammar/command.ts';
import { findOptionalGroup } from '../../input/find.ts';
import { inOption, OptionError, requiredText, textOf } from '../../input/options.ts';
import { publicly } from '../../private-reply.ts';

export const noteAdd = command(
  {
    path: ['note', 'add'],
    role: 'acknowledger',
    summary: 'Write something down about a host or port',
    options: [
      {
        name: 'on',
        type: 'text',
        description: 'Address, or address:port',
        hint: '`10.0.0.5`, `10.0.0.5:22`, `[2001:db8::1]:53/udp`.',
        positional: true,
        required: true,
      },
      {
        name: 'text',
        type: 'text',
        description: 'What is to be known',
        hint: 'Shown by `host show`, in its alerts and exports.',
        positional: true,
        required: false,
        rest: true,
      },
      {
        name: 'owner',
        type: 'text',
        description: 'Whose it is',
        hint: 'Somebody (`@ann`) or words; `none` takes it away. Goes before the group’s.',
        positional: false,
        required: false,
      },
      {
        name: 'tags',
        type: 'text',
        description: 'Tags, with commas',
        hint: 'Beside those of its group: `dmz,prod`; `none` takes them away.',
        positional: false,
        required: false,
      },
      { name: 'group', type: 'group', description: 'In this group only', positional: false, required: false },
    ],
    example: 'note add 10.0.0.5:22 "jump host, keep open" owner:ann tags:dmz',
    audience: 'public',
  },
  ({ store }) =>
    async ({ principal, now }, options) => {
      const group = await findOptionalGroup(store, options);
      const where = inOption('on', () => whereOf(requiredText(options, 'on')));
      const [text, owner] = [textOf(options, 'text'), textOf(options, 'owner')];
      const typed = textOf(options, 'tags');
      const tags = typed === undefined ? undefined : inOption('tags', () => tagsOf(typed));
      if (text === undefined && owner === undefined && tags === undefined) throw nothingSaid();
      const note = await store.records.addNote({
        ...{ ...where, by: principal.key, byName: principal.name, at: now },
        ...(group === undefined ? {} : { groupId: group.id }),
        ...(text === undefined ? {} : { text }),
        ...(owner === undefined ? {} : { owner: owner.toLowerCase() === 'none' ? 'none' : owner }),
        ...(tags === undefined ? {} : { tags }),
      });
      return publicly(noteCard({ title: `Note ${note.id} added`, lines: [noteLine(note, group?.name)] }));
    },
);

function whereOf(text: string) {
  const where = parseWhere(text);
  if (where !== undefined) return where;
  const word = cleanText(text, 60);
  throw new UserError(`“${word}” is neither an address nor an address with a port.`, {
    word,
    hint: 'Expected `10.0.0.5`, `10.0.0.5:22`, `10.0.0.5:53/udp` or `[2001:db8::1]:22`.',
  });
}

function tagsOf(text: string): string[] {
  const tags = text.toLowerCase() === 'none' ? [] : parseTags(text);
  if (tags !== undefined) return tags;
  throw new UserError(`“${cleanText(text, 60)}” is no list of tags.`, {
    word: text,
    hint: 'Letters, digits, `-`, `_` and `.`, with commas between: `dmz,prod`.',
  });
}

function nothingSaid(): OptionError {
  const hint = 'For example `note add 10.0.0.5 "jump host"`, or `owner:` and `tags:`.';
  return new OptionError('text', new UserError('The note says nothing.', { hint }));
}
