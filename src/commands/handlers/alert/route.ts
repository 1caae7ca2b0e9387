import { channelList, routeListCard } from '../../../cards/admin.ts';
import { noteCard } from '../../../cards/note.ts';
import { UserError } from '../../../core/errors.ts';
import { channelNotes } from '../../channel-notes.ts';
import { command } from '../../grammar/command.ts';
import { findGroup } from '../../input/find.ts';
import { OptionError, textOf } from '../../input/options.ts';
import { NONE } from '../../input/validate.ts';
import { privately, publicly } from '../../private-reply.ts';

export const alertRoute = command(
  {
    path: ['alert', 'route'],
    role: 'admin',
    summary: 'More channels for a group’s alerts',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      {
        name: 'to',
        type: 'channel',
        description: 'Add a channel',
        anyPlatform: true,
        positional: false,
        required: false,
      },
      {
        name: 'remove',
        type: 'channel',
        description: 'Drop a channel',
        anyPlatform: true,
        positional: false,
        required: false,
      },
    ],
    example: 'alert route office to:slack:C0123456',
    audience: 'public',
  },
  (deps) => async (_context, options) => {
    const { store } = deps;
    const group = await findGroup(store, options);
    const places = async () => (await deps.placesOf(group)).map((route) => route.channel);
    const [to, remove] = [textOf(options, 'to'), textOf(options, 'remove')];
    if (to === undefined && remove === undefined) {
      return privately(routeListCard([{ groupName: group.name, channels: await places() }]));
    }
    if (to === NONE)
      throw new OptionError('to', new UserError('Name a channel.', { hint: 'Or take one away: `remove:`.' }));
    if (remove !== undefined && !(await store.groups.removeRoute(group.id, remove))) {
      const hint = `\`alert list ${group.name}\` shows its places; the group’s own channel is changed by \`group edit\`.`;
      throw new OptionError(
        'remove',
        new UserError(`${remove} is no further place of ${group.name}.`, { word: remove, hint }),
      );
    }
    if (to !== undefined && (await places()).includes(to)) {
      throw new OptionError('to', new UserError(`Alerts of ${group.name} go to ${to} already.`, { word: to }));
    }
    if (to !== undefined) await store.groups.setRoute(group.id, { channel: to });
    const notes = await channelNotes(deps, to);
    const where = [{ type: 'text' as const, text: `Alerts of ${group.name} go to ` }, ...channelList(await places())];
    return publicly(noteCard({ title: `Routes of ${group.name}`, lines: [where, ...notes] }));
  },
);
