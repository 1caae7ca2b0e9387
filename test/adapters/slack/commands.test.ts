import { afterEach, describe, expect, it } from 'vitest';
import type { CommandResult } from '../../../src/commands/dispatcher.ts';
import { longCard, MANY_ROWS, rowName } from '../chat-contract-cards.ts';
import { eventually } from './eventually.ts';
import { type Lab, openLab } from './harness.ts';
import { cardResult, type Recorded, recorded } from './recorded.ts';

let lab: Lab;
afterEach(() => lab.close());

async function started(
  answer: () => CommandResult | Promise<CommandResult> = () => ({ type: 'silent' }),
): Promise<Recorded> {
  const asked = recorded(answer);
  lab = await openLab({ dispatcher: asked.dispatcher });
  await lab.slack.start();
  return asked;
}

async function privately(user = 'U0ALICE'): Promise<string> {
  await eventually(() => lab.fake.ephemeralsOf(user).length).toBeGreaterThan(0);
  return lab.fake
    .ephemeralsOf(user)
    .map((message) => lab.fake.textOf(message))
    .join('\n');
}

describe('a command', () => {
  it('is acknowledged at once, however long its work takes', async () => {
    let finish = (_result: CommandResult) => {};
    const { commands } = await started(() => new Promise((resolve) => (finish = resolve)));
    await lab.fake.command('/netdelta status');
    await eventually(() => commands.length).toBe(1);
    expect(lab.fake.ephemeralsOf('U0ALICE')).toEqual([]);
    finish(cardResult('all quiet'));
    expect(await privately()).toBe('all quiet');
  });

  it('reaches the grammar as it was typed, with Slack’s escapes undone and its tokens kept', async () => {
    const { commands } = await started();
    await lab.fake.command('/netdelta group add a&b <x> channel:#other notify:@ops by @bob host.example “two words”');
    await eventually(() => commands.length).toBe(1);
    expect(commands[0]?.input).toEqual({
      type: 'text',
      text: 'group add a&b <x> channel:<#C0OTHER|other> notify:<!subteam^S0OPS|@ops> by <@U0BOB|bob> <http://host.example|host.example> "two words"',
    });
  });

  it('passes on its user, the place, and the user groups they are in', async () => {
    const { commands } = await started();
    await lab.fake.command('/netdelta help', { user: 'U0BOB', channel: 'C0SECRET' });
    await eventually(() => commands.length).toBe(1);
    expect(commands[0]).toMatchObject({
      principal: { key: 'slack:U0BOB', platform: 'slack', name: 'bob', memberships: ['slack:S0OPS'] },
      channel: 'slack:C0SECRET',
      canShowForm: true,
    });
  });

  it('is answered to the caller alone', async () => {
    await started(() => cardResult('only for you'));
    await lab.fake.command('/netdelta status', { user: 'U0BOB' });
    expect(await privately('U0BOB')).toBe('only for you');
    expect(lab.fake.messagesIn('C0ALERTS')).toEqual([]);
  });

  it('is answered in the channel when it is public, even where the app is no member', async () => {
    await started(() => cardResult('for all', { audience: 'public' }));
    await lab.fake.command('/netdelta scan now lab', { channel: 'C0SECRET' });
    await eventually(() => lab.fake.messagesIn('C0SECRET').map(lab.fake.textOf)).toEqual(['for all']);
    expect(lab.fake.ephemeralsOf('U0ALICE')).toEqual([]);
  });

  it('with a long answer for one person sends them the full text directly', async () => {
    await started(() => cardResult('hosts', longCard({ attachment: true })));
    await lab.fake.command('/netdelta host list lab');
    await privately();
    await eventually(() => lab.fake.messagesIn('D0ALICE').flatMap((one) => one.files).length).toBe(1);
    const [file] = lab.fake.messagesIn('D0ALICE').flatMap((one) => one.files);
    expect(file?.content.toString()).toContain(rowName(MANY_ROWS - 1));
    expect(lab.fake.messagesIn('C0ALERTS')).toEqual([]);
  });

  it('that fails is reported to the caller, without the details', async () => {
    await started(() => Promise.reject(new Error('secret of the database')));
    await lab.fake.command('/netdelta status');
    expect(await privately()).toMatch(/went wrong/);
    expect(await privately()).not.toContain('secret');
  });

  it('from another workspace is refused, and does not reach the grammar', async () => {
    const { commands } = await started(() => cardResult('hello'));
    await lab.fake.command('/netdelta status', { user: 'U0EVE' });
    expect(await privately('U0EVE')).toContain('serves only people of the workspace');
    expect(commands).toEqual([]);
  });

  it('is answered although Slack’s response URL fails at first', async () => {
    await started(() => cardResult('patience'));
    lab.fake.faults.add({ fault: { kind: 'error', status: 500 }, method: 'response_url', times: 1 });
    await lab.fake.command('/netdelta status');
    expect(await privately()).toBe('patience');
  });

  it('is served although the user groups cannot be read', async () => {
    const { commands } = await started(() => cardResult('here'));
    lab.fake.faults.add({ fault: { kind: 'hang' }, method: 'usergroups.list' });
    await lab.fake.command('/netdelta status', { user: 'U0BOB' });
    expect(await privately('U0BOB')).toBe('here');
    expect(commands[0]?.principal.memberships).toEqual([]);
  });
});
