import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSlack, type Slack } from '../../../adapters/slack/slack.ts';
import { type FakeSlack, startFakeSlack } from '../../fakes/slack/fake-slack.ts';
import { postSigned } from '../../fakes/slack/request-url.ts';
import { freePort } from '../../free-ports.ts';
import { cardOf, outgoing } from '../chat-contract-cards.ts';
import { eventually } from './eventually.ts';
import { quietLog } from './harness.ts';
import { cardResult, type Recorded, recorded } from './recorded.ts';

let fake: FakeSlack;
let slack: Slack;
let asked: Recorded;
let url: string;
let rejected: string[];

beforeEach(async () => {
  fake = await startFakeSlack();
  asked = recorded(() => cardResult('done'));
  rejected = [];
  const port = await freePort();
  slack = await createSlack({
    config: { botToken: fake.tokens.bot, signingSecret: fake.signingSecret, port, apiUrl: fake.apiUrl },
    dispatcher: asked.dispatcher,
    log: quietLog,
    onAdminNotice: () => {},
    onRejected: (from) => rejected.push(from),
    tuning: { paceMs: 0, timeoutMs: 2_000 },
  });
  await slack.start();
  url = `http://127.0.0.1:${port}/slack/events`;
  fake.deliverTo(url);
});

afterEach(async () => {
  await slack.stop();
  await fake.close();
});

const form = 'application/x-www-form-urlencoded';
const command = new URLSearchParams({
  command: '/netdelta',
  text: 'group remove lab',
  team_id: 'T0LAB',
  user_id: 'U0ALICE',
  user_name: 'alice',
  channel_id: 'C0ALERTS',
  response_url: 'http://127.0.0.1:9/',
  trigger_id: 't',
}).toString();

describe('by HTTP', () => {
  it('commands, clicks, forms and the Home tab arrive as they do by socket', async () => {
    await fake.command('/netdelta status');
    await eventually(() => fake.ephemeralsOf('U0ALICE').map(fake.textOf)).toEqual(['done']);
    await slack.chat.post(outgoing('slack:C0ALERTS', cardOf({ title: 'alert' })));
    const [message] = fake.messagesIn('C0ALERTS');
    if (message !== undefined) await fake.click(message, 'Acknowledge');
    await eventually(() => asked.clicks.length).toBe(1);
    await fake.openHome();
    await eventually(() => fake.workspace.homes.has('U0ALICE')).toBe(true);
    expect(fake.sockets.accepted()).toBe(0);
  });

  it('a request signed with another secret is rejected, does nothing, and is reported', async () => {
    const answer = await postSigned(url, command, form, { secret: 'f'.repeat(32) });
    expect(answer).toEqual({ status: 401, body: '' });
    expect(asked.commands).toEqual([]);
    await eventually(() => rejected).toEqual([expect.stringContaining('127.0.0.1')]);
  });

  it('a request of 6 minutes ago is rejected though its signature is right', async () => {
    const answer = await postSigned(url, command, form, { secret: fake.signingSecret, ageSeconds: 360 });
    expect(answer.status).toBe(401);
    expect(asked.commands).toEqual([]);
  });

  it('a request of 6 minutes in the future is rejected though its signature is right', async () => {
    const answer = await postSigned(url, command, form, { secret: fake.signingSecret, ageSeconds: -360 });
    expect(answer.status).toBe(401);
    expect(asked.commands).toEqual([]);
  });

  it('the same signed request is accepted once', async () => {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', fake.signingSecret).update(`v0:${timestamp}:${command}`).digest('hex');
    const headers = {
      'content-type': form,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    };
    const send = async () => (await fetch(url, { method: 'POST', body: command, headers })).status;
    expect([await send(), await send(), await send()]).toEqual([200, 409, 409]);
    await eventually(() => asked.commands.length).toBe(1);
    expect(rejected).toHaveLength(2);
  });

  it('a signed request that is no object is refused, and the next command is answered', async () => {
    const secret = fake.signingSecret;
    for (const body of ['null', '[]', '"text"', '7', '{', 'payload=null', 'payload=%5B%5D', '']) {
      for (const type of ['application/json', form]) {
        expect((await postSigned(url, body, type, { secret })).status, `${type} ${body}`).toBeLessThan(500);
      }
    }
    expect(asked.commands).toEqual([]);
    expect((await postSigned(url, command, form, { secret })).status).toBe(200);
    await eventually(() => asked.commands.length).toBe(1);
  });

  it('only this machine can reach it unless an address was configured', async () => {
    const others = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    const outside = others.find((one) => !one.internal && one.family === 'IPv4')?.address;
    if (outside === undefined) return;
    await expect(fetch(url.replace('127.0.0.1', outside), { method: 'POST' })).rejects.toThrow();
  });

  it('a request that is never finished is ended', async () => {
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined).resume();
    socket.write('POST /slack/events HTTP/1.1\r\nhost: x\r\n');
    await ended;
  });

  it('a signature of another body, or none at all, is rejected', async () => {
    const headers = { 'content-type': form };
    expect((await fetch(url, { method: 'POST', body: command, headers })).status).toBe(401);
    const old = { ...headers, 'x-slack-request-timestamp': 'soon', 'x-slack-signature': 'v0=0' };
    expect((await fetch(url, { method: 'POST', body: command, headers: old })).status).toBe(401);
    expect(asked.commands).toEqual([]);
  });

  it('nothing can be smuggled past the signature in an SSL check', async () => {
    const body = `${command}&ssl_check=1`;
    expect((await fetch(url, { method: 'POST', body, headers: { 'content-type': form } })).status).toBe(401);
    expect(asked.commands).toEqual([]);
  });

  it('other paths and megabytes are refused', async () => {
    expect((await fetch(url.replace('/slack/events', '/'), { method: 'POST', body: command })).status).toBe(404);
    expect((await fetch(url, { method: 'GET' })).status).toBe(404);
    const huge = { method: 'POST', body: 'x'.repeat(1_100_000), headers: { 'content-type': form } };
    expect((await fetch(url, huge)).status).toBe(413);
  });

  it('Slack’s check of the address is answered', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
    const answer = await postSigned(url, body, 'application/json', { secret: fake.signingSecret });
    expect(answer.body).toContain('abc');
  });

  it('a port that is in use is reported at start', async () => {
    const { port } = new URL(url);
    const second = await createSlack({
      config: { botToken: fake.tokens.bot, signingSecret: fake.signingSecret, port: Number(port), apiUrl: fake.apiUrl },
      dispatcher: asked.dispatcher,
      log: quietLog,
      onAdminNotice: () => {},
    });
    await expect(second.start()).rejects.toThrow('EADDRINUSE');
  });
});
