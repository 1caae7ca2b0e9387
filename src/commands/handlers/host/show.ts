import { hostShowCard } from '../../../cards/host.ts';
import { withNotes } from '../../../cards/note.ts';
import { defined } from '../../../core/defined.ts';
import { UserError } from '../../../core/errors.ts';
import { holdsInForce } from '../../../usecases/views/holds-in-force.ts';
import { hostPicture } from '../../../usecases/views/host-picture.ts';
import { hostViews } from '../../../usecases/views/host-views.ts';
import { hostData } from '../../data/host-data.ts';
import { command, type HandlerDeps } from '../../grammar/command.ts';
import { findOptionalGroup } from '../../input/find.ts';
import { OptionError, requiredText } from '../../input/options.ts';
import { privately, withData } from '../../private-reply.ts';
import { THEME, themeOf } from '../report/options.ts';

export const hostShow = command(
  {
    path: ['host', 'show'],
    role: 'viewer',
    summary: 'Status, services, misses, history',
    options: [
      { name: 'address', type: 'host', description: 'Address', positional: true, required: true },
      { name: 'group', type: 'group', description: 'Group', positional: false, required: false },
      THEME,
    ],
    example: 'host show 10.0.0.5',
    audience: 'private',
  },
  (deps) =>
    async ({ now, principal }, options) => {
      const { store } = deps;
      const address = requiredText(options, 'address');
      const views = await hostViews(store, address, await findOptionalGroup(store, options));
      if (views.length > 0) {
        const items = views.flatMap(({ state, group, records }) =>
          state === undefined ? [] : [hostData(state, group.name, records)],
        );
        const holds = await Promise.all(views.map(({ group }) => holdsInForce(store, now, { group, address })));
        // Several groups may share a mute.
        const each = new Map(holds.flat().map((hold) => [JSON.stringify(hold), hold]));
        const card = withNotes(hostShowCard(address, views), [...each.values()]);
        const theme = themeOf(options);
        // A terminal shows no pictures, so there the picture has to be requested.
        const wanted = principal.platform !== 'console' || theme !== undefined;
        const attachment = wanted ? await picture(deps, { address, views, now, theme: theme ?? 'light' }) : undefined;
        return withData(privately({ ...card, ...defined({ attachment }) }), {
          type: 'hosts',
          total: items.length,
          items,
        });
      }
      const hint = '`group list` shows what is watched.';
      throw new OptionError('address', new UserError(`No group watches ${address}.`, { word: address, hint }));
    },
);

/** The text is worth more than its picture. */
async function picture(deps: HandlerDeps, about: Parameters<typeof hostPicture>[1]) {
  return await hostPicture(deps, about).catch((error: unknown) => {
    deps.log.error({ err: error }, 'a picture could not be drawn');
    return undefined;
  });
}
