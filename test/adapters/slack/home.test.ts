import { afterEach, it } from 'vitest';
import type { Card } from '../../../src/cards/card.ts';
import { readBlocks } from '../../fakes/slack/reading.ts';
import { eventually } from './eventually.ts';
import { type Lab, openLab } from './harness.ts';
import { cardResult, recorded } from './recorded.ts';

let lab: Lab;
afterEach(() => lab.close());

const scope = { alert: 12, host: '10.0.0.5' };

function homeCard(open: number): Card {
  return {
    title: 'NetDelta',
    tone: 'neutral',
    sections: [{ type: 'fields', fields: [{ label: 'Open deltas', value: String(open) }] }],
    controls: [
      { type: 'button', label: 'Acknowledge', style: 'primary', action: { type: 'acknowledge', scope } },
      { type: 'button', label: 'History', style: 'default', action: { type: 'history', scope } },
    ],
  };
}

const shown = (user = 'U0ALICE') => readBlocks(lab.fake.workspace.homes.get(user)?.blocks ?? []).text;

async function started(): Promise<void> {
  let open = 2;
  const { dispatcher } = recorded(
    (call) => {
      if ('actionId' in call && call.actionId.includes('history')) return cardResult('History of 10.0.0.5');
      open -= 1;
      return { type: 'silent' };
    },
    async (principal) => ({ ...homeCard(open), title: `For ${principal.name} in ${principal.memberships.join()}` }),
  );
  lab = await openLab({ dispatcher });
  await lab.slack.start();
}

it('shows the Home tab to the person who opened it, with their name and groups', async () => {
  await started();
  await lab.fake.openHome({ user: 'U0BOB' });
  await eventually(() => shown('U0BOB')).toBe('For bob in slack:S0OPS\nOpen deltas: 2');
});

it('refreshes it after a click in it', async () => {
  await started();
  await lab.fake.openHome();
  await eventually(shown).toContain('Open deltas: 2');
  await lab.fake.clickInHome('Acknowledge');
  await eventually(shown).toContain('Open deltas: 1');
});

it('answers a click in it with a modal, because there is no channel to answer in', async () => {
  await started();
  await lab.fake.openHome();
  await eventually(shown).toContain('Open deltas');
  await lab.fake.clickInHome('History');
  await eventually(() => lab.fake.modals.open()?.title).toBe('History of 10.0.0.5');
});
