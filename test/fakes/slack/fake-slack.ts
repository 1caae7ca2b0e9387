import type { ApiContext } from './api.ts';
import { createFaults, createRateLimit, type Faults } from './faults.ts';
import { createModals, type Modals } from './modal.ts';
import { createPerson, type Deliver, type Person } from './person.ts';
import { readMessage } from './reading.ts';
import { sendByHttp } from './request-url.ts';
import { type Call, startServer } from './server.ts';
import { createSockets, type Sockets } from './sockets.ts';
import { createClock, createWorkspace, type StoredMessage, type Workspace } from './workspace.ts';

/** Every scope that the manifest asks for. */
export const ALL_SCOPES = [
  'channels:history',
  'chat:write',
  'chat:write.public',
  'commands',
  'files:read',
  'files:write',
  'groups:history',
  'im:history',
  'im:write',
  'usergroups:read',
  'users:read',
] as const;

export type FakeSlackOptions = {
  scopes?: readonly string[];
  /** Refuses messages that come faster than Slack permits; off by default. */
  rateLimit?: { burst: number; perSecond: number };
};

/** A Slack workspace on loopback that real bolt connects to unmodified. */
export type FakeSlack = Person & {
  /** For SLACK_API_URL. */
  apiUrl: string;
  tokens: { bot: string; app: string };
  signingSecret: string;
  workspace: Workspace;
  faults: Faults;
  sockets: Sockets;
  modals: Modals;
  /** Every call of the Web API, of uploads and response_urls, in order. */
  calls: Call[];
  setScopes(scopes: readonly string[]): void;
  /** From now on deliver by signed HTTP to that address, instead of by socket. */
  deliverTo(requestUrl: string): void;
  /** Messages directly in a channel, oldest first. */
  messagesIn(channel: string): StoredMessage[];
  repliesTo(message: StoredMessage): StoredMessage[];
  ephemeralsOf(user: string): StoredMessage[];
  /** What a person reads in it. */
  textOf(message: StoredMessage): string;
  close(): Promise<void>;
};

export async function startFakeSlack(options: FakeSlackOptions = {}): Promise<FakeSlack> {
  const workspace = createWorkspace();
  const faults = createFaults();
  const sockets = createSockets();
  const calls: Call[] = [];
  const tokens = { bot: 'xoxb-0000-fake-bot-token', app: 'xapp-1-A0NETDELTA-fake-app-token' };
  const signingSecret = '0123456789abcdef0123456789abcdef';
  let scopes: readonly string[] = options.scopes ?? ALL_SCOPES;
  let origin = '';
  let requestUrl: string | undefined;
  const context: ApiContext = { workspace, nextTs: createClock(), baseUrl: () => origin };
  const rateLimit = options.rateLimit === undefined ? undefined : createRateLimit(options.rateLimit);
  const server = await startServer({ context, faults, sockets, rateLimit, tokens, scopes: () => scopes, calls });
  origin = server.origin;
  const deliver: Deliver = (type, payload) =>
    requestUrl === undefined ? sockets.send(type, payload) : sendByHttp(requestUrl, signingSecret, type, payload);

  return {
    ...createPerson(context, deliver),
    apiUrl: `${origin}/api/`,
    tokens,
    signingSecret,
    workspace,
    faults,
    sockets,
    modals: createModals(context, deliver),
    calls,
    setScopes(wanted) {
      scopes = wanted;
    },
    deliverTo(url) {
      requestUrl = url;
    },
    messagesIn: (channel) => workspace.messages.filter((one) => one.channel === channel && one.threadTs === undefined),
    repliesTo: ({ channel, ts }) => workspace.messages.filter((one) => one.channel === channel && one.threadTs === ts),
    ephemeralsOf: (user) => workspace.ephemerals.filter((one) => one.ephemeralFor === user),
    textOf: (message) => readMessage(message).text,
    close: () => server.close(),
  };
}
