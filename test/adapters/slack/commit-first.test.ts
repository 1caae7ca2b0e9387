import { afterEach, expect, it } from 'vitest';
import { ACK_WITHIN_MS } from '../../../adapters/slack/render/limits.ts';
import type { CommandResult } from '../../../src/commands/dispatcher.ts';
import { cardOf, outgoing } from '../chat-contract-cards.ts';
import { idleDispatcher, type Lab, openLab } from './harness.ts';

let lab: Lab;
afterEach(() => lab.close());

/** Work that records when it is committed, and takes as long as `gate`. */
async function started(gate: Promise<void>): Promise<string[]> {
  const events: string[] = [];
  const work = async (): Promise<CommandResult> => {
    await gate;
    events.push('committed');
    return { type: 'silent' };
  };
  lab = await openLab({ dispatcher: idleDispatcher({ command: work, click: work }) });
  await lab.slack.start();
  return events;
}

const soon = () =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, 100);
  });

it('a command is acknowledged after its commit', async () => {
  const events = await started(soon());
  await lab.fake.command('/netdelta scan now lab');
  expect(events).toEqual(['committed']);
});

it('a click is acknowledged after its commit', async () => {
  const events = await started(soon());
  await lab.slack.chat.post(outgoing('slack:C0ALERTS', cardOf({ title: 'alert' })));
  const message = lab.fake.workspace.messages.at(-1);
  if (message === undefined) throw new Error('nothing was posted');
  await lab.fake.click(message, 'Acknowledge');
  expect(events).toEqual(['committed']);
});

it('one that takes longer than Slack waits is acknowledged in time', async () => {
  let end = (): void => undefined;
  const events = await started(
    new Promise((resolve) => {
      end = resolve;
    }),
  );
  await lab.fake.command('/netdelta scan now lab');
  expect(events).toEqual([]);
  end();
});

it('a command that changes nothing is acknowledged before its answer', async () => {
  let end = (): void => undefined;
  const events = await started(
    new Promise((resolve) => {
      end = resolve;
    }),
  );
  const { ms } = await lab.fake.command('/netdelta delta list');
  expect(events).toEqual([]);
  expect(ms).toBeLessThan(ACK_WITHIN_MS);
  end();
});
