import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { type Lab, openLab } from './harness.ts';
import { cardResult, type Recorded, recorded } from './recorded.ts';

let lab: Lab;
let asked: Recorded;
const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);

beforeEach(async () => {
  process.on('unhandledRejection', note);
  asked = recorded(() => cardResult('here'));
  lab = await openLab({ dispatcher: asked.dispatcher });
  await lab.slack.start();
});

afterEach(async () => {
  await lab.close();
  process.off('unhandledRejection', note);
  expect(unhandled.splice(0)).toEqual([]);
});

async function served(): Promise<void> {
  const before = asked.commands.length;
  await lab.fake.command('/netdelta status');
  await eventually(() => asked.commands.length).toBe(before + 1);
}

describe('the socket', () => {
  it('reconnects when Slack asks for it', async () => {
    await served();
    lab.fake.sockets.refresh('refresh_requested');
    await eventually(() => [lab.fake.sockets.accepted(), lab.fake.sockets.connected()]).toEqual([2, 1]);
    await served();
  });

  it('reconnects when it breaks', async () => {
    lab.fake.sockets.drop();
    await eventually(() => [lab.fake.sockets.accepted(), lab.fake.sockets.connected()]).toEqual([2, 1]);
    await served();
  });

  it.each([
    ['Slack has trouble', { kind: 'error', status: 500 } as const],
    ['Slack asks to wait', { kind: 'rate-limited', seconds: 1 } as const],
    ['the connection breaks', { kind: 'drop' } as const],
    ['the token is refused for a while', { kind: 'refused', code: 'invalid_auth' } as const],
    ['what answers is no Slack', { kind: 'garbage' } as const],
  ])('keeps trying while %s', async (_what, fault) => {
    lab.fake.faults.add({ fault, method: 'apps.connections.open', times: 3 });
    lab.fake.sockets.drop();
    await eventually(() => lab.fake.sockets.connected()).toBe(1);
    expect(lab.fake.calls.filter((call) => call.method === 'apps.connections.open').length).toBeGreaterThanOrEqual(6);
    await served();
  });

  it('stays closed once stopped, also in the middle of reconnecting', async () => {
    lab.fake.faults.add({ fault: { kind: 'error', status: 500 }, method: 'apps.connections.open' });
    lab.fake.sockets.drop();
    await eventually(
      () => lab.fake.calls.filter((call) => call.method === 'apps.connections.open').length,
    ).toBeGreaterThan(2);
    await lab.slack.stop();
    lab.fake.faults.clear();
    const accepted = lab.fake.sockets.accepted();
    await lab.slack.stop();
    expect([lab.fake.sockets.connected(), lab.fake.sockets.accepted()]).toEqual([0, accepted]);
  });

  it('that fails a command while it is away shows the user Slack’s own error, and runs nothing later', async () => {
    lab.fake.faults.add({ fault: { kind: 'error', status: 500 }, method: 'apps.connections.open', times: 1 });
    lab.fake.sockets.drop();
    await expect(lab.fake.command('/netdelta scan now lab')).rejects.toThrow(/dispatch_failed|operation_timeout/);
    await eventually(() => lab.fake.sockets.connected()).toBe(1);
    await served();
    expect(asked.commands).toHaveLength(1);
  });
});
