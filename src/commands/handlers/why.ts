import { whyCard } from '../../cards/why.ts';
import { UserError } from '../../core/errors.ts';
import { parseWhere } from '../../core/network/endpoint.ts';
import { cleanText } from '../../core/text.ts';
import { whyViews } from '../../usecases/views/why-views.ts';
import { command } from '../grammar/command.ts';
import { findOptionalGroup } from '../input/find.ts';
import { OptionError, requiredText } from '../input/options.ts';
import { privately } from '../private-reply.ts';

export const why = command(
  {
    path: ['why'],
    role: 'viewer',
    summary: 'Why a host or port is believed as it is',
    options: [
      {
        name: 'what',
        type: 'text',
        description: 'Address, or address:port',
        hint: '`10.0.0.5`, `10.0.0.5:443`, `[2001:db8::1]:53/udp`.',
        positional: true,
        required: true,
      },
      { name: 'group', type: 'group', description: 'Group', positional: false, required: false },
    ],
    example: 'why 10.0.0.5:443',
    audience: 'private',
  },
  (deps) =>
    async ({ now }, options) => {
      const typed = requiredText(options, 'what');
      const where = parseWhere(typed);
      if (where === undefined) {
        const word = cleanText(typed, 60);
        const hint = 'Expected ADDRESS, or ADDRESS:PORT with a port from 1 to 65535, for example `10.0.0.5:443`.';
        throw new OptionError('what', new UserError(`“${word}” is not an address.`, { word, hint }));
      }
      const views = await whyViews(deps, where, now, await findOptionalGroup(deps.store, options));
      if (views.length > 0) return privately(whyCard(where, views));
      const hint = '`group list` shows what is watched.';
      const { address } = where;
      throw new OptionError('what', new UserError(`No group watches ${address}.`, { word: address, hint }));
    },
);
