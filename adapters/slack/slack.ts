import { App } from '@slack/bolt';
import type { Dispatcher } from '../../src/commands/dispatcher.ts';
import type { Chat, DeliveryError } from '../../src/ports/chat.ts';
import type { Log } from '../../src/ports/log.ts';
import { checkSlack, type Identity } from './check.ts';
import { clientOptions, createClient, type SlackConfig, type SlackTuning } from './config.ts';
import { boltLog } from './inbound/bolt-log.ts';
import { createDirectory } from './inbound/directory.ts';
import { httpModeInlet } from './inbound/http-mode.ts';
import { offeredBy } from './inbound/offered-files.ts';
import type { Inlet } from './inbound/receiver.ts';
import { socketModeInlet } from './inbound/socket-mode.ts';
import { listen } from './inbound/subscribe.ts';
import { waitsForAdmin } from './outbound/api-error.ts';
import { createChat } from './outbound/chat.ts';
import { createPace } from './outbound/pace.ts';
import { CHANNEL_BURST, CHANNEL_PACE_MS } from './render/limits.ts';

export type SlackDeps = {
  config: SlackConfig;
  dispatcher: Dispatcher;
  log: Log;
  /** Problems with Slack as text for the admins; each is reported once. */
  onAdminNotice(text: string): void;
  /** HTTP mode: a request with a wrong signature, at another time than now, or repeated, for the audit. */
  onRejected?(from: string, why?: string): void;
  tuning?: SlackTuning;
};

export type Slack = {
  chat: Chat;
  /** Resolves when connected; rejects with what is wrong and how to fix it. Later breaks are repaired automatically. */
  start(): Promise<void>;
  stop(): Promise<void>;
  check(): Promise<{ ok: boolean; problems: { what: string; fix: string }[] }>;
};

const DEFAULT_PORT = 3000;
/** To receive requests from elsewhere, configure an address or put a proxy in front. */
const LOOPBACK = '127.0.0.1';
const RESPONSE_TIMEOUT_MS = 10_000;

/** The complete Slack adapter: the outbound Chat, and commands, clicks, forms and the Home tab inbound. */
export async function createSlack(deps: SlackDeps): Promise<Slack> {
  const { config, log, dispatcher } = deps;
  const tuning = deps.tuning ?? {};
  const client = createClient(config.botToken, config, tuning, log);
  const directory = createDirectory({ client, log });
  const pace = createPace({ everyMs: tuning.paceMs ?? CHANNEL_PACE_MS, burst: CHANNEL_BURST });
  const chat = createChat({ client, directory, pace, log, onFailure: adminFailures(deps) });
  let inlet: Inlet | undefined;

  async function start(): Promise<void> {
    const { problems, identity } = await checkSlack(config, tuning, log);
    const fatal = problems.find((problem) => problem.fatal);
    for (const problem of problems.filter((one) => one !== fatal)) log.warn({}, `${problem.what} ${problem.fix}`);
    if (fatal !== undefined || identity === undefined) throw new Error(`${fatal?.what} ${fatal?.fix}`);
    const opened = openInlet(deps, tuning);
    const app = createApp(deps, identity, opened);
    const timeoutMs = tuning.timeoutMs ?? RESPONSE_TIMEOUT_MS;
    const onOutsider = (userId: string) => deps.onRejected?.(userId, 'of someone of another workspace');
    const offered = offeredBy({ client, ...config });
    listen(app, { client, dispatcher, directory, identity, log, onOutsider, offered, timeoutMs });
    await opened.open();
    inlet = opened;
    log.info(
      { workspace: identity.team, mode: config.appToken === undefined ? 'HTTP' : 'socket' },
      'Slack is connected',
    );
  }

  return {
    chat,
    start,
    async stop() {
      await inlet?.close();
      inlet = undefined;
    },
    async check() {
      const { problems } = await checkSlack(config, tuning, log);
      return { ok: problems.length === 0, problems: problems.map(({ what, fix }) => ({ what, fix })) };
    },
  };
}

function createApp({ config, log, tuning = {} }: SlackDeps, identity: Identity, { receiver }: Inlet): App {
  return new App({
    receiver,
    token: config.botToken,
    botId: identity.botId,
    botUserId: identity.botUserId,
    tokenVerificationEnabled: false,
    convoStore: false,
    clientOptions: clientOptions(config, tuning, log),
    logger: boltLog(log),
  });
}

function openInlet({ config, log, onAdminNotice, onRejected }: SlackDeps, tuning: SlackTuning): Inlet {
  const { appToken, signingSecret = '', port = DEFAULT_PORT, host = LOOPBACK } = config;
  if (appToken !== undefined) return socketModeInlet({ config: { ...config, appToken }, tuning, log, onAdminNotice });
  return httpModeInlet({
    signingSecret,
    port,
    host,
    log,
    onRejected: (from) => onRejected?.(from),
  });
}

/** A token or scope that becomes invalid while running stops all messages: reported once, until the problem changes. */
function adminFailures({ onAdminNotice }: SlackDeps): (error: DeliveryError) => void {
  let told = '';
  return ({ code }) => {
    if (!waitsForAdmin(code) || told === code) return;
    told = code;
    onAdminNotice(`Slack refuses all messages (${code}). They wait; \`netdelta doctor\` says how to fix it.`);
  };
}
