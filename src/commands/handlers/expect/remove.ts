import { expectationLine } from '../../../cards/holds.ts';
import { noteCard } from '../../../cards/note.ts';
import { expectationData } from '../../data/hold-data.ts';
import { command } from '../../grammar/command.ts';
import { groupNames, missing } from '../../input/find.ts';
import { requiredNumber } from '../../input/options.ts';
import { changing, publicly } from '../../private-reply.ts';

export const expectRemove = command(
  {
    path: ['expect', 'remove'],
    role: 'operator',
    summary: 'Withdraw an approved change',
    options: [{ name: 'id', type: 'expectation', description: 'Approved change', positional: true, required: true }],
    example: 'expect remove 2',
    audience: 'public',
  },
  ({ store }) =>
    async (_context, options) => {
      const id = requiredNumber(options, 'id');
      const waiting = await store.holds.expectations({ status: 'waiting' });
      const expectation = waiting.find((candidate) => candidate.id === id);
      if (expectation === undefined || !(await store.holds.setExpectation(id, 'removed'))) {
        throw missing('id', 'approved change', id, 'expect list');
      }
      const name = await groupNames(store);
      const lines = [expectationLine(expectation, name(expectation.groupId))];
      const before = expectationData(expectation, name(expectation.groupId));
      return changing(publicly(noteCard({ title: 'Approved change withdrawn', lines })), { before, after: null });
    },
);
