import { UserError } from '../../../core/errors.ts';
import { NONE } from '../../../core/group-options/types.ts';
import type { Group, Notify } from '../../../core/model/group.ts';
import { OWNER, parseTags } from '../../../core/model/record.ts';
import { RISKS } from '../../../core/model/scales.ts';
import { command } from '../../grammar/command.ts';
import type { CommandOptions } from '../../grammar/command-description.ts';
import { changeGroup } from '../../groups/change-group.ts';
import { specOf } from '../../groups/group-settings.ts';
import { findGroup } from '../../input/find.ts';
import { OptionError, textOf } from '../../input/options.ts';

const optional = { positional: false, required: false } as const;

export const groupNotify = command(
  {
    path: ['group', 'notify'],
    role: 'operator',
    summary: 'Who is pinged, and from which risk on',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      { name: 'who', type: 'who', description: 'Who is pinged', ...optional },
      { name: 'from', type: 'choice', description: 'From which risk on', choices: RISKS, ...optional },
      {
        name: 'tag',
        type: 'text',
        description: 'Only for hosts tagged so',
        hint: 'Only for hosts that are tagged so; `none` for all of them.',
        ...optional,
      },
      { name: 'owner', type: 'boolean', description: 'Ping the owner of the host', ...optional },
      { name: 'nobody', type: 'boolean', description: 'Ping nobody', ...optional },
    ],
    example: 'group notify office who:@ann from:high',
    audience: 'public',
  },
  (deps) => async (context, options) => {
    const group = await findGroup(deps.store, options);
    const { notify: _before, ...spec } = specOf(group);
    const notify = options.nobody === 'true' ? undefined : wanted(group, options);
    return changeGroup(deps, context, { group, spec: { ...spec, ...(notify === undefined ? {} : { notify }) } });
  },
);

/** The given options, applied to the existing ones. */
function wanted({ notify, name }: Group, options: CommandOptions<'who' | 'from' | 'tag' | 'owner'>): Notify {
  const who = options.owner === 'true' ? OWNER : (textOf(options, 'who') ?? notify?.who);
  if (who === undefined) {
    const hint = `For example \`group notify ${name} who:@ann from:high\`.`;
    throw new OptionError('who', new UserError('Nobody to ping was named.', { hint }));
  }
  const given = textOf(options, 'from');
  const from = RISKS.find((risk) => risk === given) ?? notify?.from ?? 'info';
  const tag = oneTag(textOf(options, 'tag')) ?? notify?.tag;
  return { who, from, ...(tag === undefined || tag === NONE ? {} : { tag }) };
}

function oneTag(typed: string | undefined): string | undefined {
  if (typed === undefined) return undefined;
  const [tag, second] = parseTags(typed) ?? [];
  if (tag !== undefined && second === undefined) return tag;
  throw new OptionError('tag', new UserError('That is not a tag.', { hint: 'One word, as in `tags:` of the group.' }));
}
