import { randomBytes } from 'node:crypto';
import type { Block, SlackAttachment } from './block-schema.ts';
import type { CheckedView } from './check.ts';

export type StoredFile = {
  id: string;
  name: string;
  title: string;
  content: Buffer;
  complete: boolean;
  /** The URL that files.info returns, if not in this Slack. */
  elsewhere?: string;
};

export type StoredMessage = {
  ts: string;
  channel: string;
  threadTs?: string;
  user: string;
  text: string;
  blocks: Block[];
  attachments: SlackAttachment[];
  metadata?: { event_type: string; event_payload: Record<string, unknown> };
  files: StoredFile[];
  /** Every state it had before the present one, oldest first. */
  edits: { text: string; blocks: Block[] }[];
  unfurl: { links: boolean; media: boolean };
  mrkdwn: boolean;
  /** Who was notified when it was posted; edits notify nobody. */
  notified: string[];
  /** Set for messages that only one person sees. */
  ephemeralFor?: string;
};

export type Channel = { id: string; name: string; isMember: boolean; isPrivate: boolean; isArchived: boolean };
export type User = { id: string; name: string; teamId: string };
export type UserGroup = { id: string; handle: string; users: string[] };
export type OpenView = {
  id: string;
  user: string;
  view: CheckedView;
  errors: Record<string, string>;
  below?: OpenView;
};

/** The complete state of a Slack workspace. */
export type Workspace = {
  teamId: string;
  botUserId: string;
  botId: string;
  channels: Map<string, Channel>;
  users: Map<string, User>;
  groups: Map<string, UserGroup>;
  messages: StoredMessage[];
  ephemerals: StoredMessage[];
  files: Map<string, StoredFile>;
  /** The modal in front of each user. */
  modals: Map<string, OpenView>;
  homes: Map<string, CheckedView>;
  triggers: Map<string, { user: string; until: number; used: boolean }>;
  responseUrls: Map<string, ResponseUrl>;
  reactions: { channel: string; ts: string; name: string }[];
};

export type ResponseUrl = { user: string; channel: string; until: number; uses: number; message?: StoredMessage };

export function createWorkspace(): Workspace {
  const channels: Channel[] = [
    { id: 'C0ALERTS', name: 'alerts', isMember: true, isPrivate: false, isArchived: false },
    { id: 'C0OTHER', name: 'other', isMember: true, isPrivate: false, isArchived: false },
    { id: 'C0PUBLIC', name: 'public', isMember: false, isPrivate: false, isArchived: false },
    { id: 'C0SECRET', name: 'secret', isMember: false, isPrivate: true, isArchived: false },
    { id: 'C0OLD', name: 'old', isMember: true, isPrivate: false, isArchived: true },
  ];
  const users: User[] = [
    { id: 'U0ALICE', name: 'alice', teamId: 'T0LAB' },
    { id: 'U0BOB', name: 'bob', teamId: 'T0LAB' },
    { id: 'U0EVE', name: 'eve', teamId: 'T0STRANGERS' },
  ];
  return {
    teamId: 'T0LAB',
    botUserId: 'U0NETDELTA',
    botId: 'B0NETDELTA',
    channels: new Map(channels.map((channel) => [channel.id, channel])),
    users: new Map(users.map((user) => [user.id, user])),
    groups: new Map([['S0OPS', { id: 'S0OPS', handle: 'ops', users: ['U0BOB'] }]]),
    messages: [],
    ephemerals: [],
    files: new Map(),
    modals: new Map(),
    homes: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    reactions: [],
  };
}

/** Slack's message ids are times with a counter after them: unique in their channel, and in order. */
export function createClock(): () => string {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Date.now() * 1000);
    return `${Math.floor(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, '0')}`;
  };
}

export function freshId(prefix: string): string {
  return prefix + randomBytes(5).toString('hex').toUpperCase();
}

/** A direct message channel is created when it is first written to. */
export function directChannel(workspace: Workspace, user: string): Channel {
  const id = `D${user.slice(1)}`;
  const known = workspace.channels.get(id);
  if (known !== undefined) return known;
  const channel = { id, name: `dm-${user}`, isMember: true, isPrivate: true, isArchived: false };
  workspace.channels.set(id, channel);
  return channel;
}

export function findMessage(workspace: Workspace, channel: string, ts: string): StoredMessage | undefined {
  return workspace.messages.find((message) => message.channel === channel && message.ts === ts);
}
