import { expect, test } from 'vitest';
import { cardText } from '../../adapters/console/card-text.ts';
import { statusCard } from '../../src/cards/status.ts';

const site = { site: 'dmz', workers: 0, waiting: 3, active: 0, delayed: 0 };
const status = (refused: { refused?: true }) =>
  cardText(
    statusCard({
      ...{ scans: [], groups: [], schedules: [], holds: [], pending: [], openDeltas: new Map(), now: 0 },
      sites: [{ ...site, ...refused }],
    }),
  );

test('a worker that is refused because of its key is shown with what to do', () => {
  expect(status({ refused: true })).toContain(
    'A worker of site dmz is refused: it has another key than the bot. On the bot’s machine run netdelta worker-key dmz',
  );
  expect(status({})).not.toContain('refused');
});
