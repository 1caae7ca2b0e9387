import { channelList } from '../../../cards/admin.ts';
import { noteCard } from '../../../cards/note.ts';
import { tellGroup } from '../../../usecases/delivery/notices.ts';
import { command } from '../../grammar/command.ts';
import { findGroup } from '../../input/find.ts';
import { privately } from '../../private-reply.ts';

export const alertTest = command(
  {
    path: ['alert', 'test'],
    role: 'admin',
    summary: 'Send a test to every place',
    options: [{ name: 'group', type: 'group', description: 'Group', positional: true, required: true }],
    example: 'alert test office',
    audience: 'private',
  },
  (deps) =>
    async ({ principal, now }, options) => {
      const group = await findGroup(deps.store, options);
      await tellGroup(deps, group, {
        title: `${group.name}: a test`,
        tone: 'info',
        lines: [
          [
            { type: 'user', key: principal.key, name: principal.name },
            { type: 'text', text: ' is testing whether alerts of this group arrive here. Nothing has changed.' },
          ],
        ],
        at: now,
      });
      await deps.store.events.record({ type: 'test', groupId: group.id, at: now, deltaIds: [], by: principal.key });
      deps.wake();
      const tried = (await deps.placesOf(group)).map((route) => route.channel);
      const places = [{ type: 'text' as const, text: 'On its way to ' }, ...channelList(tried)];
      const lines = [places, 'What does not arrive is listed by delivery list.'];
      return privately(noteCard({ title: `Test of ${group.name}`, tone: 'info', lines }));
    },
);
