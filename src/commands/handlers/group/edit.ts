import { UserError } from '../../../core/errors.ts';
import { GROUP_OPTIONS } from '../../../core/group-options/group-options.ts';
import type { Group } from '../../../core/model/group.ts';
import { checkGroupName } from '../../../core/model/group-name.ts';
import { command } from '../../grammar/command.ts';
import type { CommandOptions } from '../../grammar/command-description.ts';
import { changeGroup, newTargets } from '../../groups/change-group.ts';
import { applyGroupOptions, specOf } from '../../groups/group-settings.ts';
import { findGroup } from '../../input/find.ts';
import { inOption, textOf } from '../../input/options.ts';

const optional = { positional: false, required: false } as const;

export const groupEdit = command(
  {
    path: ['group', 'edit'],
    role: 'operator',
    summary: 'Change targets or settings',
    options: [
      {
        name: 'group',
        type: 'group',
        description: 'Group',
        question: 'Which group?',
        positional: true,
        required: true,
      },
      {
        name: 'targets',
        type: 'targets',
        description: 'Replace all targets',
        question: 'Which addresses belong to it?',
        hint: 'All new; `add:` and `remove:` change some.',
        typedOnly: true,
        positional: false,
        required: false,
      },
      { name: 'add', type: 'targets', description: 'More targets', typedOnly: true, ...optional },
      { name: 'remove', type: 'targets', description: 'Targets to drop', typedOnly: true, ...optional },
      { name: 'name', type: 'text', description: 'New name', positional: false, required: false },
      // An option that is not given stays as it is.
      ...GROUP_OPTIONS.map(({ preset: _, ...option }) => option),
    ],
    example: 'group edit office add:10.0.2.0/24 down-after:2',
    audience: 'public',
    form: true,
  },
  (deps) => async (context, options) => {
    const group = await findGroup(deps.store, options);
    if (Object.keys(options).length === 1) throw nothingToChange(group);
    const base = { ...specOf(group), name: newName(group, options), targets: newTargets(group, options) };
    return changeGroup(deps, context, { group, spec: applyGroupOptions(base, options), options });
  },
);

function newName(group: Group, options: CommandOptions<'name'>): string {
  const typed = textOf(options, 'name');
  return typed === undefined ? group.name : inOption('name', () => checkGroupName(typed));
}

function nothingToChange(group: Group): UserError {
  return new UserError('Nothing to change was named.', {
    hint: `For example \`group edit ${group.name} add:10.0.2.0/24 down-after:2\`; \`help group edit\` lists all options.`,
  });
}
