import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPace } from '../../../adapters/slack/outbound/pace.ts';
import type { Card } from '../../../src/cards/card.ts';
import { DeliveryError } from '../../../src/ports/chat.ts';
import { ALL_SCOPES } from '../../fakes/slack/fake-slack.ts';
import type { Fault } from '../../fakes/slack/faults.ts';
import { cardOf, longCard, outgoing } from '../chat-contract-cards.ts';
import { eventually } from './eventually.ts';
import { type Lab, openLab } from './harness.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

const alerts = 'slack:C0ALERTS';
const card = (parts: Partial<Card> = {}): Card => ({ ...cardOf({ title: 'lab: 1 change' }), ...parts });
const filesIn = (channel: string) =>
  lab.fake.workspace.messages.filter((one) => one.channel === channel).flatMap((one) => one.files);

async function failure(work: Promise<unknown>): Promise<DeliveryError> {
  const error = await work.catch((reason: unknown) => reason);
  if (error instanceof DeliveryError) return error;
  throw new Error(`no delivery error: ${String(error)}`);
}

describe('a message', () => {
  it('notifies the people it mentions when it is posted, and nobody when it is edited', async () => {
    const ref = await lab.slack.chat.post(outgoing(alerts, card({ mention: ['slack:S0OPS', 'slack:U0ALICE'] })));
    await lab.slack.chat.update(ref, card({ mention: ['slack:S0OPS', 'slack:U0ALICE'] }));
    const [message] = lab.fake.messagesIn('C0ALERTS');
    expect(message?.notified).toEqual(['S0OPS', 'U0ALICE']);
    expect(lab.fake.workspace.messages).toHaveLength(1);
  });

  it('unfurls nothing', async () => {
    await lab.slack.chat.post(outgoing(alerts, card({ summary: 'see https://evil.example/' })));
    expect(lab.fake.messagesIn('C0ALERTS')[0]?.unfurl).toEqual({ links: false, media: false });
  });

  it('whose parent was deleted is posted in the channel, and editing a deleted one is no failure', async () => {
    lab = await openLab();
    const parent = await lab.slack.chat.post(outgoing(alerts, card()));
    lab.fake.workspace.messages.splice(0);
    const reply = await lab.slack.chat.post(
      outgoing(alerts, card({ title: 'reply' }), { inThreadOf: parent, nonce: 'r' }),
    );
    expect(lab.fake.workspace.messages.map((one) => [one.ts, one.threadTs])).toEqual([[reply.id, undefined]]);
    await lab.slack.chat.update(parent, card());
  });

  it('shows people by the names they have in Slack', async () => {
    const who = (key: string): Card['sections'][number] => ({ type: 'text', text: [{ type: 'user', key, name: key }] });
    await lab.slack.chat.post(outgoing(alerts, card({ sections: [who('slack:U0BOB'), who('slack:S0OPS')] })));
    const [message] = lab.fake.messagesIn('C0ALERTS');
    expect(message === undefined ? '' : lab.fake.textOf(message)).toMatch(/@bob\n@ops/);
    expect(message?.notified).toEqual([]);
  });

  it('reaches an admin directly, where it can be edited and found as well', async () => {
    const ref = await lab.slack.chat.post(outgoing('slack:U0BOB', card(), { nonce: 'n1' }));
    await lab.slack.chat.update(ref, card({ title: 'edited' }));
    const [direct] = lab.fake.messagesIn('D0BOB');
    expect(direct === undefined ? '' : lab.fake.textOf(direct)).toContain('edited');
    expect((await lab.slack.chat.find('n1', { channel: 'slack:U0BOB', since: 0 }))?.id).toBe(ref.id);
  });

  it('is sent with a list when Slack, like GovSlack, refuses a table block', async () => {
    lab.fake.faults.add({ fault: { kind: 'refused', code: 'invalid_blocks' }, method: 'chat.postMessage', times: 1 });
    const rows = [
      ['10.0.0.5', '22/tcp ssh'],
      ['10.0.0.7', '80/tcp http'],
    ];
    await lab.slack.chat.post(
      outgoing(alerts, card({ sections: [{ type: 'table', columns: ['address', 'open port'], rows }] })),
    );
    const [message] = lab.fake.messagesIn('C0ALERTS');
    expect(JSON.stringify(message?.blocks)).not.toContain('"table"');
    expect(message === undefined ? '' : lab.fake.textOf(message)).toMatch(
      /10\.0\.0\.5.*22\/tcp ssh\n.*10\.0\.0\.7.*80\/tcp http/,
    );
    expect(filesIn('C0ALERTS')).toEqual([]);
  });

  it('is sent as plain text when Slack refuses its layout, rather than not at all', async () => {
    lab.fake.faults.add({ fault: { kind: 'refused', code: 'invalid_blocks' }, method: 'chat.postMessage', times: 1 });
    await lab.slack.chat.post(outgoing(alerts, card()));
    const [message] = lab.fake.messagesIn('C0ALERTS');
    expect(message === undefined ? '' : lab.fake.textOf(message)).toContain('10.0.0.5 tcp/22 opened');
    expect(filesIn('C0ALERTS').map((file) => file.name)).toEqual(['whole.txt']);
  });
});

describe('after a restart', () => {
  it('a message is found by its nonce, in a channel, in a thread and in direct messages, among many others', async () => {
    const parent = await lab.slack.chat.post(outgoing(alerts, card(), { nonce: 'parent' }));
    const reply = await lab.slack.chat.post(outgoing(alerts, card(), { nonce: 'reply', inThreadOf: parent }));
    const direct = await lab.slack.chat.post(outgoing('slack:U0BOB', card(), { nonce: 'direct' }));
    for (let other = 0; other < 220; other += 1) {
      const where = other % 2 === 0 ? {} : { inThreadOf: parent };
      await lab.slack.chat.post(outgoing(alerts, { ...card(), sections: [] }, where));
    }
    const { slack, close } = await restarted();
    const since = Date.now() - 60_000;
    expect((await slack.chat.find('parent', { channel: alerts, since }))?.id).toBe(parent.id);
    const found = await slack.chat.find('reply', { channel: alerts, since, inThreadOf: parent });
    expect(found).toEqual(reply);
    expect((await slack.chat.find('direct', { channel: 'slack:U0BOB', since }))?.id).toBe(direct.id);
    expect(await slack.chat.find('nobody', { channel: alerts, since, inThreadOf: parent })).toBeUndefined();
    await close();
  });
});

const PNG = Buffer.from('89504e470d0a1a0a0000000d', 'hex');

describe('files', () => {
  it('are not uploaded again by an edit that does not change their length', async () => {
    const ref = await lab.slack.chat.post(outgoing(alerts, longCard({ attachment: true })));
    await lab.slack.chat.update(ref, { ...longCard({ attachment: true }), title: 'lab: 300 changes, 1 acknowledged' });
    expect(filesIn('C0ALERTS')).toHaveLength(1);
  });

  it('are uploaded again when they have grown, even after a restart', async () => {
    const long = longCard({ attachment: true });
    const ref = await lab.slack.chat.post(outgoing(alerts, long));
    const { slack, close } = await restarted();
    await slack.chat.update(ref, long);
    expect(filesIn('C0ALERTS')).toHaveLength(1);
    const attachment = { ...grown(long), name: 'deltas.csv' };
    await slack.chat.update(ref, { ...long, attachment });
    expect(filesIn('C0ALERTS').map((file) => file.title)).toEqual(['deltas.csv (301 lines)', 'deltas.csv (302 lines)']);
    await close();
  });

  it('that are pictures have no lines in their titles, and are uploaded once', async () => {
    const attachment = { name: 'report-lab.png', mimeType: 'image/png', content: PNG, when: 'always' } as const;
    const pictured = { ...card(), attachment };
    const ref = await lab.slack.chat.post(outgoing(alerts, pictured));
    const { slack, close } = await restarted();
    await slack.chat.update(ref, pictured);
    expect(filesIn('C0ALERTS').map(({ title, content }) => ({ title, content }))).toEqual([
      { title: 'report-lab.png', content: PNG },
    ]);
    await close();
  });

  it.each<[string, string, Fault]>([
    ['the address of an upload was not given', 'files.getUploadURLExternal', { kind: 'error', status: 500 }],
    ['the upload broke', 'upload', { kind: 'drop' }],
    ['the answer to an upload was lost', 'upload', { kind: 'accept-then-drop' }],
    ['the last step failed', 'files.completeUploadExternal', { kind: 'error', status: 503 }],
    ['the answer to the last step was lost', 'files.completeUploadExternal', { kind: 'accept-then-drop' }],
    ['Slack asked to wait', 'files.completeUploadExternal', { kind: 'rate-limited', seconds: 1 }],
  ])('are attached to their one message once, though %s', async (_what, method, fault) => {
    lab.fake.faults.add({ fault, method, times: 1 });
    const message = outgoing(alerts, longCard({ attachment: true }), { nonce: 'n1' });
    const first = await failure(lab.slack.chat.post(message));
    expect(first).toMatchObject({ retryable: true, uncertain: true });
    await eventually(() =>
      lab.slack.chat.post(message).then(
        () => 'done',
        (error) => error.code,
      ),
    ).toBe('done');
    expect(lab.fake.messagesIn('C0ALERTS')).toHaveLength(1);
    expect(filesIn('C0ALERTS').map((file) => file.name)).toEqual(['deltas.csv']);
  });

  it('that can never be attached are reported in the thread, with what to do', async () => {
    lab.fake.setScopes(ALL_SCOPES.filter((scope) => scope !== 'files:write'));
    await lab.slack.chat.post(outgoing(alerts, longCard({ attachment: true })));
    const [message] = lab.fake.messagesIn('C0ALERTS');
    const replies = message === undefined ? [] : lab.fake.repliesTo(message);
    expect(replies.map((reply) => reply.text)).toEqual([
      'The file deltas.csv could not be attached (the app lacks the scope files:write; reinstall it from the manifest).',
    ]);
  });
});

function grown(long: Card): NonNullable<Card['attachment']> {
  const { attachment } = long;
  if (attachment === undefined || typeof attachment.content !== 'string') throw new Error('no text attached');
  return { ...attachment, content: `${attachment.content}host-300.lab.example,1300\n` };
}

/** The same workspace, seen by a process that remembers nothing. */
async function restarted() {
  const { createSlack } = await import('../../../adapters/slack/slack.ts');
  const { idleDispatcher, quietLog } = await import('./harness.ts');
  const slack = await createSlack({
    config: { botToken: lab.fake.tokens.bot, appToken: lab.fake.tokens.app, apiUrl: lab.fake.apiUrl },
    dispatcher: idleDispatcher(),
    log: quietLog,
    onAdminNotice: () => {},
    tuning: { paceMs: 0, timeoutMs: 2_000 },
  });
  return { slack, close: () => slack.stop() };
}

describe('a failure', () => {
  it.each<[string, Fault, Partial<DeliveryError>]>([
    ['500', { kind: 'error', status: 500 }, { code: 'http_500', retryable: true, uncertain: true }],
    ['403 of a proxy', { kind: 'error', status: 403 }, { code: 'http_403', retryable: true, uncertain: false }],
    [
      '429',
      { kind: 'rate-limited', seconds: 30 },
      { code: 'rate_limited', retryable: true, retryAfterMs: 30_000, uncertain: false },
    ],
    ['no answer', { kind: 'hang' }, { code: 'timeout', retryable: true, uncertain: true }],
    ['a broken connection', { kind: 'drop' }, { retryable: true, uncertain: true }],
    ['what is no JSON', { kind: 'garbage' }, { code: 'unreadable_answer', retryable: true, uncertain: true }],
    [
      'fatal_error',
      { kind: 'refused', code: 'fatal_error' },
      { code: 'fatal_error', retryable: true, uncertain: true },
    ],
    ['is_archived', { kind: 'refused', code: 'is_archived' }, { code: 'is_archived', retryable: false }],
    ['not_in_channel', { kind: 'refused', code: 'not_in_channel' }, { code: 'not_in_channel', retryable: false }],
    ['account_inactive', { kind: 'refused', code: 'account_inactive' }, { code: 'account_inactive', retryable: false }],
    [
      'token_revoked',
      { kind: 'refused', code: 'token_revoked' },
      { code: 'token_revoked', retryable: true, retryAfterMs: 60_000 },
    ],
  ])('by %s is reported as what it is', async (_what, fault, expected) => {
    const { slack, fake, close } = await openLab({ timeoutMs: 300 });
    fake.faults.add({ fault, times: 1 });
    expect(await failure(slack.chat.post(outgoing(alerts, card())))).toMatchObject(expected);
    fake.faults.clear();
    fake.faults.add({ fault, times: 1 });
    expect(await failure(slack.chat.find('n', { channel: 'slack:C0OTHER', since: 0 }))).toMatchObject(expected);
    await close();
  });

  it.each([
    ['slack:C0NOWHERE', 'channel_not_found'],
    ['slack:C0OLD', 'is_archived'],
    ['slack:U0NOBODY', 'user_not_found'],
    ['discord:123', 'not_a_slack_channel'],
  ])('to write to %s is final: %s', async (channel, code) => {
    expect(await failure(lab.slack.chat.post(outgoing(channel, card())))).toMatchObject({ code, retryable: false });
  });

  it('to reach Slack at all is certain: nothing was sent', async () => {
    await lab.fake.close();
    const error = await failure(lab.slack.chat.post(outgoing(alerts, card())));
    expect(error).toMatchObject({ code: 'ECONNREFUSED', retryable: true, uncertain: false });
  });

  it('of the token is reported to the admins once', async () => {
    lab.fake.faults.add({ fault: { kind: 'refused', code: 'invalid_auth' } });
    for (const nonce of ['a', 'b', 'c']) await failure(lab.slack.chat.post(outgoing(alerts, card(), { nonce })));
    expect(lab.notices).toEqual([expect.stringContaining('invalid_auth')]);
  });
});

describe('the pace', () => {
  it('of one channel holds up no other, and a wait that Slack requests for one applies to that one only', async () => {
    lab.fake.faults.add({ fault: { kind: 'rate-limited', seconds: 30 }, channel: 'C0ALERTS', times: 1 });
    await failure(lab.slack.chat.post(outgoing(alerts, card())));
    const calls = lab.fake.calls.length;
    const again = await failure(lab.slack.chat.post(outgoing(alerts, card())));
    expect(again.code).toBe('rate_limited');
    expect(again.retryAfterMs).toBeGreaterThan(20_000);
    expect(lab.fake.calls).toHaveLength(calls);
    await lab.slack.chat.post(outgoing('slack:C0OTHER', card()));
    expect(lab.fake.messagesIn('C0OTHER')).toHaveLength(1);
  });

  it('gives turns in order, some at once after a pause, the rest one by one', async () => {
    const pace = createPace({ everyMs: 40, burst: 2 });
    const turns: string[] = [];
    const take = (channel: string, name: string) => pace.turn(channel).then(() => turns.push(name));
    await Promise.all([take('a', 'a1'), take('a', 'a2'), take('a', 'a3'), take('a', 'a4'), take('b', 'b1')]);
    expect(turns).toEqual(['a1', 'a2', 'b1', 'a3', 'a4']);
  });
});
