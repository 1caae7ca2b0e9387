import {
  type Answer,
  type ApiContext,
  type Args,
  type Method,
  metadataOf,
  newMessage,
  optional,
  published,
  readableChannel,
  text,
  writableChannel,
} from './api.ts';
import { checkContent, Refusal } from './check.ts';
import { findMessage, type StoredMessage } from './workspace.ts';

export const CHAT_METHODS: Readonly<Record<string, Method>> = {
  'chat.postMessage': {
    scope: 'chat:write',
    run(args, context) {
      const message = newMessage(args, writableChannel(text(args, 'channel'), context), context);
      context.workspace.messages.push(message);
      return { channel: message.channel, ts: message.ts, message: published(message, context, true) };
    },
  },
  'chat.update': {
    scope: 'chat:write',
    run(args, context) {
      const channel = writableChannel(text(args, 'channel'), context);
      const message = findMessage(context.workspace, channel, text(args, 'ts'));
      if (message === undefined) throw new Refusal('message_not_found');
      if (message.user !== context.workspace.botUserId) throw new Refusal('cant_update_message');
      edit(message, args);
      return { channel, ts: message.ts, text: message.text, message: published(message, context, true) };
    },
  },
  'chat.postEphemeral': {
    scope: 'chat:write',
    run(args, context) {
      const channel = writableChannel(text(args, 'channel'), context);
      const user = text(args, 'user');
      if (!context.workspace.users.has(user)) throw new Refusal('user_not_in_channel');
      const message = { ...newMessage(args, channel, context), ephemeralFor: user };
      context.workspace.ephemerals.push(message);
      return { message_ts: message.ts };
    },
  },
  // Slack requires no scope here: https://docs.slack.dev/reference/methods/chat.getPermalink
  'chat.getPermalink': {
    scope: 'chat:write',
    run(args, context) {
      const channel = text(args, 'channel');
      const message = findMessage(context.workspace, channel, text(args, 'message_ts'));
      if (message === undefined) throw new Refusal('message_not_found');
      return { channel, permalink: `https://team.slack.com/archives/${channel}/p${message.ts.replace('.', '')}` };
    },
  },
  'conversations.history': {
    scope: 'channels:history',
    run(args, context) {
      const channel = readableChannel(text(args, 'channel'), context);
      const top = (message: StoredMessage) => message.threadTs === undefined;
      return page(args, context, channel, (message) => top(message), 'newest first');
    },
  },
  'conversations.replies': {
    scope: 'channels:history',
    run(args, context) {
      const channel = readableChannel(text(args, 'channel'), context);
      const ts = text(args, 'ts');
      if (findMessage(context.workspace, channel, ts) === undefined) throw new Refusal('thread_not_found');
      return page(args, context, channel, (one) => one.ts === ts || one.threadTs === ts, 'oldest first');
    },
  },
  'reactions.add': {
    scope: 'reactions:write',
    run(args, context) {
      const channel = text(args, 'channel');
      const ts = text(args, 'timestamp');
      if (findMessage(context.workspace, channel, ts) === undefined) throw new Refusal('message_not_found');
      context.workspace.reactions.push({ channel, ts, name: text(args, 'name') });
      return {};
    },
  },
};

/** Fields that are not given stay, as in Slack; blocks that are given replace all. */
export function edit(message: StoredMessage, args: Args): void {
  message.edits.push({ text: message.text, blocks: message.blocks });
  const kept = { text: message.text, blocks: message.blocks, attachments: message.attachments };
  const content = checkContent({ ...kept, ...args });
  const metadata = metadataOf(args);
  Object.assign(message, content, metadata === undefined ? {} : { metadata });
}

function page(
  args: Args,
  context: ApiContext,
  channel: string,
  wanted: (message: StoredMessage) => boolean,
  order: 'newest first' | 'oldest first',
): Answer {
  const oldest = optional(args, 'oldest') ?? '0';
  const latest = optional(args, 'latest') ?? '9'.repeat(12);
  const inclusive = args['inclusive'] === 'true';
  const within = (ts: string) =>
    inclusive
      ? Number(ts) >= Number(oldest) && Number(ts) <= Number(latest)
      : Number(ts) > Number(oldest) && Number(ts) < Number(latest);
  const found = context.workspace.messages.filter(
    (message) => message.channel === channel && wanted(message) && within(message.ts),
  );
  if (order === 'newest first') found.reverse();
  const start = Number(optional(args, 'cursor') ?? 0);
  const limit = Math.min(Number(optional(args, 'limit') ?? 100), 999);
  const more = start + limit < found.length;
  const metadata = args['include_all_metadata'] === 'true';
  return {
    messages: found.slice(start, start + limit).map((message) => published(message, context, metadata)),
    has_more: more,
    response_metadata: { next_cursor: more ? String(start + limit) : '' },
  };
}
