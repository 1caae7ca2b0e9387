import type { Card, Text } from '../../../cards/card.ts';
import { expectationLine } from '../../../cards/holds.ts';
import { counted } from '../../../cards/words.ts';
import { defined } from '../../../core/defined.ts';
import { parseExpectedChanges } from '../../../core/network/expected-change.ts';
import { addExpectations } from '../../../usecases/holds/add-expectations.ts';
import { expectationData } from '../../data/hold-data.ts';
import { command } from '../../grammar/command.ts';
import { REASON } from '../../grammar/common-options.ts';
import { findGroup } from '../../input/find.ts';
import { inOption, inOptionLater, requiredText, textOf } from '../../input/options.ts';
import { untilOf } from '../../input/times.ts';
import { changing, publicly } from '../../private-reply.ts';

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
        description: 'Host or subnet, with ports or not',
        hint: 'A port `10.0.0.5:443`, several `10.0.0.5:80,443`, a range `10.0.0.5:8000-8100`, any port `10.0.0.5:any`, a port of any host `10.0.0.0/24:22`, or a host alone, `10.0.0.5`, which comes or goes; several with spaces or commas.',
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
      {
        name: 'lasts',
        type: 'choice',
        description: 'How long it is waited for',
        hint: '`once`: the first scan that brings it is all of it (the default for one host or port); `until`: whatever comes of it by then (the default for a range, a subnet or any port).',
        positional: false,
        required: false,
        choices: ['once', 'until'],
      },
      REASON,
      { name: 'ticket', type: 'text', description: 'Ticket', positional: false, required: false },
    ],
    example: 'expect add office 10.0.0.5:443 until:3d ticket:CHG-1234',
    audience: 'public',
  },
  ({ store }) =>
    async ({ principal, now }, options) => {
      const group = await findGroup(store, options);
      const [reason, ticket] = [textOf(options, 'reason'), textOf(options, 'ticket')];
      const lasts = textOf(options, 'lasts');
      const wanted = {
        group,
        changes: inOption('what', () => parseExpectedChanges(requiredText(options, 'what'))),
        ...(lasts === undefined ? {} : { lasts: lasts === 'once' ? ('once' as const) : ('until' as const) }),
        until: untilOf(requiredText(options, 'until'), now),
        ...defined({ reason, ticket }),
        by: principal.key,
        byName: principal.name,
        now,
      };
      const added = await inOptionLater('what', () => addExpectations(store, wanted));
      const items: Text[] = added.map((expectation) => expectationLine(expectation, group.name));
      const card: Card = {
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
      };
      const after = added.map((expectation) => expectationData(expectation, group.name));
      return changing(publicly(card), { before: null, after });
    },
);
