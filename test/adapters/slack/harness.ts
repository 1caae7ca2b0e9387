import { createSlack, type Slack } from '../../../adapters/slack/slack.ts';
import type { Dispatcher } from '../../../src/commands/dispatcher.ts';
import type { Log } from '../../../src/ports/log.ts';
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from '../../fakes/slack/fake-slack.ts';
import { readMessage } from '../../fakes/slack/reading.ts';
import { findMessage, type StoredMessage } from '../../fakes/slack/workspace.ts';
import type { Harness, Seen } from '../chat-contract.ts';

const silent = () => {};
export const quietLog: Log = { debug: silent, info: silent, warn: silent, error: silent };

/** Stays silent; tests replace what they need. */
export function idleDispatcher(parts: Partial<Dispatcher> = {}): Dispatcher {
  return {
    command: async () => ({ type: 'silent' }),
    click: async () => ({ type: 'silent' }),
    complete: async () => [],
    home: async () => ({ title: 'NetDelta', tone: 'neutral', sections: [], controls: [] }),
    ...parts,
  };
}

export type Lab = { fake: FakeSlack; slack: Slack; notices: string[]; close(): Promise<void> };

/** The adapter with the local Slack, not started: enough to post. */
export async function openLab(
  options: FakeSlackOptions & { dispatcher?: Dispatcher; paceMs?: number; timeoutMs?: number; log?: Log } = {},
): Promise<Lab> {
  const fake = await startFakeSlack(options);
  const notices: string[] = [];
  const slack = await createSlack({
    config: { botToken: fake.tokens.bot, appToken: fake.tokens.app, apiUrl: fake.apiUrl },
    dispatcher: options.dispatcher ?? idleDispatcher(),
    log: options.log ?? quietLog,
    onAdminNotice: (text) => notices.push(text),
    tuning: { paceMs: options.paceMs ?? 0, timeoutMs: options.timeoutMs ?? 2_000, reconnectMs: 50 },
  });
  return {
    fake,
    slack,
    notices,
    async close() {
      await slack.stop();
      await fake.close();
    },
  };
}

export async function openSlackHarness(): Promise<Harness> {
  const { fake, slack, close } = await openLab();
  return {
    chat: slack.chat,
    channel: 'slack:C0ALERTS',
    forbidden: 'slack:C0SECRET',
    faults: ['unavailable', 'rate-limited', 'answer-lost'],
    fault(kind) {
      const faults = {
        unavailable: { kind: 'error', status: 503 },
        'rate-limited': { kind: 'rate-limited', seconds: 1 },
        'answer-lost': { kind: 'accept-then-drop' },
      } as const;
      fake.faults.add({ fault: faults[kind], method: 'chat.postMessage', times: 1 });
    },
    read: async (ref) => {
      const message = findMessage(fake.workspace, ref.channel.replace('slack:', ''), ref.id);
      return message === undefined ? undefined : seen(fake, message);
    },
    count: async (channel) => {
      const id = channel.replace('slack:', '');
      return fake.workspace.messages.filter((one) => one.channel === id && one.files.length === 0).length;
    },
    close,
  };
}

function seen(fake: FakeSlack, message: StoredMessage): Seen {
  const { text, controls, links } = readMessage(message);
  const thread = message.threadTs ?? message.ts;
  const files = fake.workspace.messages.filter((one) => one.threadTs === thread).flatMap((one) => one.files);
  return {
    text,
    buttons: controls.map(({ label, value }) => ({ label, actionId: value })),
    ...(message.threadTs === undefined ? {} : { thread: message.threadTs }),
    files: files.map(({ name, content }) => ({ name, content: content.toString('utf8') })),
    pings: message.notified,
    links,
  };
}
