import { groupRemoveCard } from '../../../cards/group.ts';
import { UserError } from '../../../core/errors.ts';
import { cleanText } from '../../../core/text.ts';
import { whatGoesWith } from '../../../usecases/groups/remove-group.ts';
import { command } from '../../grammar/command.ts';
import { findGroup } from '../../input/find.ts';
import { OptionError, textOf } from '../../input/options.ts';
import { privately } from '../../private-reply.ts';
import { removedGroup } from '../../removed-group.ts';

export const groupRemove = command(
  {
    path: ['group', 'remove'],
    role: 'operator',
    summary: 'Remove it with all its data (asks first)',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      {
        name: 'sure',
        type: 'text',
        description: 'Its name again',
        hint: 'Removes it at once, where there is no button to press.',
        positional: false,
        required: false,
      },
    ],
    example: 'group remove office',
    audience: 'private',
  },
  (deps) => async (context, options) => {
    const { store } = deps;
    const group = await findGroup(store, options);
    const sure = textOf(options, 'sure');
    if (sure === undefined) return privately(groupRemoveCard(group, await whatGoesWith(store, group)));
    if (sure === group.name) return await removedGroup(deps, group, context);
    const wrong = new UserError(`“${cleanText(sure, 40)}” is not its name.`, {
      word: sure,
      hint: `Nothing was removed. To remove it: \`group remove ${group.name} sure:${group.name}\`.`,
    });
    throw new OptionError('sure', wrong);
  },
);
