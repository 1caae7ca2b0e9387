import type { Text } from '../../../cards/card.ts';
import { expectationLine } from '../../../cards/holds.ts';
import { counted } from '../../../cards/words.ts';
import { parseEndpoint } from '../../../core/network/endpoint.ts';
import { addExpectations } from '../../../usecases/holds/add-expectations.ts';
import { command } from '../../grammar/command.ts';
import { findGroup } from '../../input/find.ts';
import { inOption, inOptionLater, requiredText, textOf } from '../../input/options.ts';
import { untilOf } from '../../input/times.ts';
import { publicly } from '../../private-reply.ts';

export const expectAdd = command(
  {
    path: ['expect', 'add'],
    role: 'operator',
    summary: 'Announce an approved change',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      {
        name: 'what',
        type: 'text',
        description: '10.0.0.5:443/tcp',
        hint: '`10.0.0.5:443`, `[2001:db8::1]:53/udp`; several with spaces or commas.',
        positional: true,
        required: true,
        rest: true,
      },
      {
        name: 'until',
        type: 'time',
        description: 'Until when: 3d, or a date',
        hint: '`3d`, `2026-12-01 18:00` (UTC).',
        positional: false,
        required: true,
      },
      { name: 'reason', type: 'text', description: 'Why, in a few words', positional: false, required: false },
      { name: 'ticket', type: 'text', description: 'Ticket', positional: false, required: false },
    ],
    example: 'expect add office 10.0.0.5:443 until:3d ticket:CHG-1234',
    audience: 'public',
  },
  ({ store }) =>
    async ({ principal, now }, options) => {
      const group = await findGroup(store, options);
      const words = requiredText(options, 'what')
        .split(/[\s,]+/)
        .filter((word) => word !== '');
      const [reason, ticket] = [textOf(options, 'reason'), textOf(options, 'ticket')];
      const wanted = {
        group,
        endpoints: inOption('what', () => words.map(parseEndpoint)),
        until: untilOf(requiredText(options, 'until'), now),
        ...(reason === undefined ? {} : { reason }),
        ...(ticket === undefined ? {} : { ticket }),
        by: principal.key,
        byName: principal.name,
        now,
      };
      const added = await inOptionLater('what', () => addExpectations(store, wanted));
      const items: Text[] = added.map((expectation) => expectationLine(expectation, group.name));
      return publicly({
        title: `${counted(added.length, 'approved change')} noted`,
        tone: 'good',
        sections: [
          { type: 'list', items },
          {
            type: 'text',
            text: 'When the change comes it is reported as expected; if it has not come by then, you hear about that too.',
          },
        ],
        controls: [],
      });
    },
);
