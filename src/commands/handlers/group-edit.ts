import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';
import { groupOptions } from '../group-options.ts';

export const groupEdit = command(
  {
    path: ['group', 'edit'],
    role: 'operator',
    summary: 'Change targets or settings',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      {
        name: 'targets',
        type: 'targets',
        description: 'Replace all targets',
        hint: 'All new; `add:` and `remove:` change some.',
        positional: false,
        required: false,
      },
      { name: 'add', type: 'targets', description: 'More targets', positional: false, required: false },
      { name: 'remove', type: 'targets', description: 'Targets to drop', positional: false, required: false },
      { name: 'name', type: 'text', description: 'New name', positional: false, required: false },
      ...groupOptions,
    ],
    example: 'group edit office add:10.0.2.0/24 down-after:2',
    audience: 'public',
    form: true,
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
