import { checkContent, Refusal } from './check.ts';
import { readMessage } from './reading.ts';
import { directChannel, findMessage, type StoredMessage, type Workspace } from './workspace.ts';

export type Args = Readonly<Record<string, unknown>>;
export type Answer = Record<string, unknown>;
export type ApiContext = { workspace: Workspace; nextTs: () => string; baseUrl: () => string };

/** One Web API method: the scope it needs (`''`: none), and what it does. Throws Refusal. */
export type Method = { scope: string; run(args: Args, context: ApiContext): Answer };

export function text(args: Args, name: string): string {
  const value = args[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new Refusal('invalid_arguments', [`missing required field: ${name}`]);
}

export function optional(args: Args, name: string): string | undefined {
  const value = args[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Form-encoded values that contain lists and objects are JSON. */
export function decodeArgs(pairs: Iterable<[string, string]>): Args {
  const args: Record<string, unknown> = {};
  for (const [key, value] of pairs) args[key] = /^[[{]/.test(value) ? jsonOr(value) : value;
  return args;
}

function jsonOr(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The channel of a message; a user's id means the direct messages with them. */
export function writableChannel(id: string, { workspace }: ApiContext): string {
  if (workspace.users.has(id)) return directChannel(workspace, id).id;
  const channel = workspace.channels.get(id);
  if (channel === undefined || (channel.isPrivate && !channel.isMember)) throw new Refusal('channel_not_found');
  if (channel.isArchived) throw new Refusal('is_archived');
  return channel.id;
}

export function readableChannel(id: string, { workspace }: ApiContext): string {
  const channel = workspace.channels.get(id);
  if (channel === undefined || (channel.isPrivate && !channel.isMember)) throw new Refusal('channel_not_found');
  if (!channel.isMember) throw new Refusal('not_in_channel');
  return channel.id;
}

export function newMessage(args: Args, channel: string, context: ApiContext): StoredMessage {
  const content = checkContent(args);
  const threadTs = optional(args, 'thread_ts');
  const metadata = metadataOf(args);
  const message: StoredMessage = {
    ts: context.nextTs(),
    channel,
    ...(threadTs === undefined ? {} : { threadTs: rootOf(channel, threadTs, context) }),
    user: context.workspace.botUserId,
    ...content,
    ...(metadata === undefined ? {} : { metadata }),
    files: [],
    edits: [],
    notified: [],
    unfurl: { links: args['unfurl_links'] !== 'false', media: args['unfurl_media'] !== 'false' },
    mrkdwn: args['mrkdwn'] !== 'false',
  };
  message.notified.push(...readMessage(message).pings);
  return message;
}

function rootOf(channel: string, threadTs: string, { workspace }: ApiContext): string {
  const root = findMessage(workspace, channel, threadTs);
  if (root === undefined) throw new Refusal('thread_not_found');
  return root.threadTs ?? root.ts;
}

export function metadataOf(args: Args): StoredMessage['metadata'] {
  const metadata = args['metadata'];
  if (metadata === undefined) return undefined;
  if (typeof metadata !== 'object' || metadata === null) throw new Refusal('invalid_metadata_format');
  const { event_type, event_payload } = metadata as Record<string, unknown>;
  if (typeof event_type !== 'string' || !/^[a-z][a-z0-9_]*$/i.test(event_type)) {
    throw new Refusal('invalid_metadata_schema');
  }
  if (typeof event_payload !== 'object' || event_payload === null) throw new Refusal('invalid_metadata_format');
  return { event_type, event_payload: { ...event_payload } };
}

/** A message as the API returns it. */
export function published(message: StoredMessage, { workspace }: ApiContext, withMetadata: boolean): Answer {
  const replies = workspace.messages.filter((one) => one.channel === message.channel && one.threadTs === message.ts);
  return {
    type: 'message',
    ts: message.ts,
    user: message.user,
    bot_id: workspace.botId,
    app_id: 'A0NETDELTA',
    text: message.text,
    blocks: message.blocks,
    attachments: message.attachments,
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    ...(replies.length === 0 ? {} : { thread_ts: message.ts, reply_count: replies.length }),
    ...(message.files.length === 0 ? {} : { files: message.files.map(({ id, name, title }) => ({ id, name, title })) }),
    ...(message.edits.length === 0 ? {} : { edited: { user: message.user, ts: message.ts } }),
    ...(withMetadata && message.metadata !== undefined ? { metadata: message.metadata } : {}),
  };
}
