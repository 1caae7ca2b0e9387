import { UserError } from '../../../core/errors.ts';
import { command } from '../../grammar/command.ts';
import { changeGroup, newTargets } from '../../groups/change-group.ts';
import { specOf } from '../../groups/group-settings.ts';
import { findGroup } from '../../input/find.ts';

const optional = { positional: false, required: false } as const;

export const groupTargets = command(
  {
    path: ['group', 'targets'],
    role: 'operator',
    summary: 'Add or remove targets',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      { name: 'add', type: 'targets', description: 'More targets', ...optional },
      { name: 'remove', type: 'targets', description: 'Targets to drop', ...optional },
    ],
    example: 'group targets office add:10.0.2.0/24 remove:10.0.1.9',
    audience: 'public',
  },
  (deps) => async (context, options) => {
    const group = await findGroup(deps.store, options);
    if (options.add === undefined && options.remove === undefined) {
      throw new UserError('Nothing to add or to remove was named.', {
        hint: `Its targets are ${group.targets.join(', ')}. For example \`group targets ${group.name} add:10.0.2.0/24\`.`,
      });
    }
    return changeGroup(deps, context, { group, spec: { ...specOf(group), targets: newTargets(group, options) } });
  },
);
