import { setTimeout as sleep } from 'node:timers/promises';
import { createSlack } from '../../adapters/slack/slack.ts';
import { type Chat, DeliveryError, type MessageRef } from '../../src/ports/chat.ts';
import { cardOf, outgoing } from '../adapters/chat-contract-cards.ts';
import { idleDispatcher, quietLog } from '../adapters/slack/harness.ts';
import { type FakeSlack, startFakeSlack } from '../fakes/slack/fake-slack.ts';
import type { Fault } from '../fakes/slack/faults.ts';

/**
 * `npx tsx test/bench/slack-away.ts [SECONDS]`: Slack goes away for this long (default 60) in the middle of an alert of
 * 20 replies, in each way in turn; how soon after its return is everything there, once and in order? With the real
 * time-outs and pace. The delivery loop here retries as the outbox does: 1 s, doubled up to 30 s.
 */
const away = Number(process.argv[2] ?? 60) * 1000;
const REPLIES = 20;
const WAYS: readonly Fault[] = [
  { kind: 'hang' },
  { kind: 'error', status: 500 },
  { kind: 'drop' },
  { kind: 'accept-then-drop' },
  { kind: 'rate-limited', seconds: 30 },
];

for (const fault of WAYS) await measure(fault);

async function measure(fault: Fault): Promise<void> {
  const fake = await startFakeSlack();
  const slack = await createSlack({
    config: { botToken: fake.tokens.bot, appToken: fake.tokens.app, apiUrl: fake.apiUrl },
    dispatcher: idleDispatcher(),
    log: quietLog,
    onAdminNotice: () => {},
  });
  await slack.start();
  const alert = deliverAlert(slack.chat);
  await until(() => fake.workspace.messages.length >= 5);
  fake.faults.add({ fault });
  fake.sockets.drop();
  await sleep(away);
  fake.faults.clear();
  const back = performance.now();
  await alert;
  const seconds = (performance.now() - back) / 1000;
  console.log(`${fault.kind}: ${verdict(fake)}, ${seconds.toFixed(1)} s after Slack was back`);
  await slack.stop();
  await fake.close();
}

async function deliverAlert(chat: Chat): Promise<void> {
  const parent = await deliver(chat, 'parent');
  for (let reply = 1; reply <= REPLIES; reply += 1) await deliver(chat, `reply ${reply}`, parent);
}

async function deliver(chat: Chat, title: string, inThreadOf?: MessageRef): Promise<MessageRef> {
  const channel = 'slack:C0ALERTS';
  const since = Date.now();
  const where = inThreadOf === undefined ? { channel, since } : { channel, since, inThreadOf };
  let uncertain = false;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const found = uncertain ? await chat.find(title, where) : undefined;
      const options = inThreadOf === undefined ? { nonce: title } : { nonce: title, inThreadOf };
      return found ?? (await chat.post(outgoing(channel, cardOf({ title }), options)));
    } catch (error) {
      if (!(error instanceof DeliveryError) || !error.retryable) throw error;
      uncertain ||= error.uncertain;
      await sleep(error.retryAfterMs ?? Math.min(30_000, 1_000 * 2 ** attempt));
    }
  }
}

function verdict(fake: FakeSlack): string {
  const [parent] = fake.messagesIn('C0ALERTS');
  const replies = parent === undefined ? [] : fake.repliesTo(parent);
  const inOrder = replies.every((reply, index) => fake.textOf(reply).includes(`reply ${index + 1} `));
  const once = fake.messagesIn('C0ALERTS').length === 1 && replies.length === REPLIES;
  return `${replies.length} of ${REPLIES} replies${once ? ', each once' : ', NOT ONCE'}${inOrder ? ', in order' : ', OUT OF ORDER'}`;
}

async function until(look: () => boolean): Promise<void> {
  while (!look()) await sleep(20);
}
