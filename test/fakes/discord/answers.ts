import type { FakeChannel, FakeMessage, World } from './world.ts';

/** Discord's refusals. https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const refusals = {
  unauthorized: () => new Refusal(401, 0, '401: Unauthorized'),
  notFound: () => new Refusal(404, 0, '404: Not Found'),
  unknownChannel: () => new Refusal(404, 10_003, 'Unknown Channel'),
  unknownGuild: () => new Refusal(404, 10_004, 'Unknown Guild'),
  unknownMessage: () => new Refusal(404, 10_008, 'Unknown Message'),
  unknownWebhook: () => new Refusal(404, 10_015, 'Unknown Webhook'),
  unknownInteraction: () => new Refusal(404, 10_062, 'Unknown interaction'),
  alreadyAcknowledged: () => new Refusal(400, 40_060, 'Interaction has already been acknowledged.'),
  missingAccess: () => new Refusal(403, 50_001, 'Missing Access'),
  missingPermissions: () => new Refusal(403, 50_013, 'Missing Permissions'),
  emptyMessage: () => new Refusal(400, 50_006, 'Cannot send an empty message'),
  wrongChannelType: () => new Refusal(400, 50_024, 'Cannot execute action on this channel type'),
  tokenIsOver: () => new Refusal(401, 50_027, 'Invalid Webhook Token'),
  invalid: (why: string) => new Refusal(400, 50_035, `Invalid Form Body\n${why}`),
  archived: () => new Refusal(400, 50_083, 'Thread is archived'),
  threadExists: () => new Refusal(400, 160_004, 'A thread has already been created for this message'),
};

/** A message as the interface returns it; `forCreation` alone has the nonce. */
export function apiMessage(world: World, message: FakeMessage, options: { withNonce: boolean }): object {
  const thread = world.channels.get(message.id);
  return {
    id: message.id,
    type: 0,
    channel_id: message.channelId,
    author: {
      id: message.authorId,
      username: 'netdelta',
      discriminator: '0',
      bot: true,
      avatar: null,
      global_name: null,
    },
    content: message.content,
    timestamp: new Date(message.postedAt).toISOString(),
    edited_timestamp: message.edits === 0 ? null : new Date().toISOString(),
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: message.files.map((file, index) => ({
      id: String(BigInt(message.id) + BigInt(index) + 1n),
      filename: file.name,
      size: file.data.length,
      url: `https://cdn.discordapp.com/attachments/${message.channelId}/${message.id}/${file.name}`,
      proxy_url: `https://media.discordapp.net/attachments/${message.channelId}/${message.id}/${file.name}`,
      content_type: file.contentType,
    })),
    embeds: message.embeds.map((embed) => ({ type: 'rich', ...embed })),
    pinned: false,
    components: message.components.map((row, index) => ({ id: index + 1, ...row })),
    flags: message.flags,
    ...(options.withNonce && message.nonce !== undefined ? { nonce: message.nonce } : {}),
    ...(thread === undefined ? {} : { thread: apiChannel(thread) }),
  };
}

export function apiChannel(channel: FakeChannel): Record<string, unknown> {
  return {
    id: channel.id,
    type: channel.type,
    name: channel.name,
    last_message_id: channel.messages.at(-1)?.id ?? null,
    flags: 0,
    ...(channel.guildId === undefined ? {} : { guild_id: channel.guildId }),
    ...(channel.parentId === undefined ? guildChannel(channel) : thread(channel)),
  };
}

function guildChannel(channel: FakeChannel): object {
  const overwrites =
    channel.denied === 0n || channel.guildId === undefined
      ? []
      : [{ id: channel.guildId, type: 0, allow: '0', deny: String(channel.denied) }];
  return { position: 0, parent_id: null, nsfw: false, permission_overwrites: overwrites };
}

function thread(channel: FakeChannel): object {
  return {
    parent_id: channel.parentId,
    owner_id: channel.parentId,
    message_count: channel.messages.length,
    member_count: 1,
    thread_metadata: {
      archived: channel.archived,
      auto_archive_duration: channel.archiveAfter ?? 1440,
      archive_timestamp: new Date().toISOString(),
      locked: channel.locked,
    },
  };
}
