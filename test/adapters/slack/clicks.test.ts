import { afterEach, describe, expect, it } from 'vitest';
import type { Card } from '../../../src/cards/card.ts';
import type { ClickCall, CommandCall, CommandResult } from '../../../src/commands/dispatcher.ts';
import type { StoredMessage } from '../../fakes/slack/workspace.ts';
import { cardOf, outgoing } from '../chat-contract-cards.ts';
import { eventually } from './eventually.ts';
import { type Lab, openLab } from './harness.ts';
import { cardResult, type Recorded, recorded } from './recorded.ts';

let lab: Lab;
afterEach(() => lab.close());

type Answer = (call: CommandCall | ClickCall) => CommandResult | Promise<CommandResult>;

async function started(answer: Answer = () => ({ type: 'silent' })): Promise<Recorded> {
  const asked = recorded(answer);
  lab = await openLab({ dispatcher: asked.dispatcher });
  await lab.slack.start();
  return asked;
}

async function posted(parts: Partial<Card> = {}, inThread = false): Promise<StoredMessage> {
  const channel = 'slack:C0ALERTS';
  const parent = inThread ? await lab.slack.chat.post(outgoing(channel, cardOf({ title: 'parent' }))) : undefined;
  const options = parent === undefined ? {} : { inThreadOf: parent };
  await lab.slack.chat.post(outgoing(channel, { ...cardOf({ title: 'alert' }), ...parts }, options));
  const message = lab.fake.workspace.messages.at(-1);
  if (message === undefined) throw new Error('nothing was posted');
  return message;
}

const scope = { alert: 12, host: '10.0.0.5' };

describe('a click', () => {
  it('passes on what, who and where, and needs no memory of the message', async () => {
    const { clicks } = await started();
    await lab.fake.click(await posted(), 'Acknowledge', { user: 'U0BOB' });
    await eventually(() => clicks.length).toBe(1);
    expect(clicks[0]).toMatchObject({
      principal: { key: 'slack:U0BOB', name: 'bob', memberships: ['slack:S0OPS'] },
      channel: 'slack:C0ALERTS',
      actionId: 'nd1;acknowledge;12;10.0.0.5;',
      canShowForm: true,
    });
  });

  it.each([
    ['⋯', 'More', 2],
    ['select', 'Mute for…', 7],
  ])('on an option of a %s menu is that option', async (_kind, label, count) => {
    const { clicks } = await started();
    const options = Array.from({ length: count }, (_, hours) => ({
      label: `${hours + 1} h`,
      action: { type: 'mute' as const, scope, forMs: (hours + 1) * 3_600_000 },
    }));
    await lab.fake.click(await posted({ controls: [{ type: 'menu', label, options }] }), '2 h');
    await eventually(() => clicks.map((call) => call.actionId)).toEqual(['nd1;mute;12;10.0.0.5;;7200000']);
  });

  it('by two people at once reaches the dispatcher twice, and each gets their own answer', async () => {
    const first: string[] = [];
    await started((call) => {
      first.push(call.principal.name);
      return first.length === 1 ? { type: 'silent' } : cardResult(`${first[0]} was first`);
    });
    const message = await posted();
    await Promise.all([
      lab.fake.click(message, 'Acknowledge', { user: 'U0ALICE' }),
      lab.fake.click(message, 'Acknowledge', { user: 'U0BOB' }),
    ]);
    await eventually(() => lab.fake.workspace.ephemerals.length).toBe(1);
    expect(lab.fake.workspace.ephemerals.map(lab.fake.textOf)).toEqual([`${first[0]} was first`]);
    expect(lab.fake.workspace.ephemerals[0]?.ephemeralFor).toBe(first[1] === 'bob' ? 'U0BOB' : 'U0ALICE');
  });

  it('in a thread is answered in that thread, to the person who clicked', async () => {
    await started(() => cardResult('You may not acknowledge.', { outcome: 'refused', tone: 'error' }));
    const message = await posted({}, true);
    await lab.fake.click(message, 'Acknowledge', { user: 'U0BOB' });
    await eventually(() => lab.fake.ephemeralsOf('U0BOB').length).toBe(1);
    expect(lab.fake.ephemeralsOf('U0BOB')[0]?.threadTs).toBe(message.threadTs);
    expect(lab.fake.workspace.messages.filter((one) => one.channel === 'C0ALERTS')).toHaveLength(2);
  });

  it('may replace its message with its answer', async () => {
    await started((call) => ('input' in call ? removalQuestion() : cardResult('lab was removed', { replace: true })));
    await lab.fake.command('/netdelta group remove lab');
    await eventually(() => lab.fake.ephemeralsOf('U0ALICE').length).toBe(1);
    const [question] = lab.fake.ephemeralsOf('U0ALICE');
    if (question === undefined) return;
    await lab.fake.click(question, 'Remove');
    await eventually(() => lab.fake.textOf(question)).toBe('lab was removed');
    expect(lab.fake.ephemeralsOf('U0ALICE')).toHaveLength(1);
    expect(question.blocks.some((block) => block.type === 'actions')).toBe(false);
  });

  it('from another workspace, in a shared channel, is refused', async () => {
    const { clicks } = await started();
    await lab.fake.click(await posted(), 'Acknowledge', { user: 'U0EVE' });
    await eventually(() => lab.fake.ephemeralsOf('U0EVE').map(lab.fake.textOf).join()).toContain('serves only people');
    expect(clicks).toEqual([]);
  });
});

function removalQuestion(): CommandResult {
  return cardResult('Remove lab?', {
    controls: [
      {
        type: 'button',
        label: 'Remove',
        style: 'danger',
        confirm: 'Sure?',
        action: { type: 'remove-group', group: 1 },
      },
    ],
  });
}
