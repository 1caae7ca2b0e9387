import { type APIChannel, type APIMessage, type RESTPostAPIChannelMessageJSONBody, Routes } from 'discord.js';
import type { Card } from '../../../src/cards/card.ts';
import { defined } from '../../../src/core/defined.ts';
import type { Chat, MessageRef, OutgoingMessage } from '../../../src/ports/chat.ts';
import { DeliveryError } from '../../../src/ports/chat.ts';
import type { Log } from '../../../src/ports/log.ts';
import { discordId, type KindOf } from '../render/markdown.ts';
import { renderCard } from '../render/render-card.ts';
import type { Api } from './api.ts';
import { apiCode, deliveryError } from './delivery-error.ts';
import { listedFiles } from './files.ts';
import { findMessage, markerOf } from './find-message.ts';
import { createThreads } from './threads.ts';

const UNKNOWN_CHANNEL = 10_003;
const UNKNOWN_MESSAGE = 10_008;

export type ChatOptions = { api: Api; kindOf: KindOf; ownId: string | undefined; log: Log };

/** The outbound half: messages, threads and edits, by REST alone; it works while the gateway is away. */
export function createChat({ api, kindOf, ownId, log }: ChatOptions): Chat {
  const threads = createThreads({ api, log });

  async function create(channelId: string, message: OutgoingMessage, replyTo?: string): Promise<APIMessage> {
    const { nonce, card, attachments = [] } = message;
    const { body, files } = renderCard(card, { kindOf, announce: true, marker: markerOf(nonce), attachments });
    const reference =
      replyTo === undefined ? {} : { message_reference: { message_id: replyTo, fail_if_not_exists: false } };
    const json: RESTPostAPIChannelMessageJSONBody = {
      ...body,
      ...reference,
      ...listedFiles(files),
      nonce,
      enforce_nonce: true,
    };
    return await api.post<APIMessage>(Routes.channelMessages(channelId), { body: json, files });
  }

  async function postParent(channelId: string, message: OutgoingMessage): Promise<MessageRef> {
    const { id } = await create(channelId, message);
    const thread = message.threadName === undefined ? undefined : await openQuietly(channelId, id, message.threadName);
    return { channel: message.channel, id, ...defined({ thread }) };
  }

  /**
   * The message is posted and must not be posted again: a thread that can't be opened now is opened by its first reply.
   */
  async function openQuietly(channelId: string, id: string, name: string): Promise<string | undefined> {
    try {
      return await threads.open(channelId, id, name);
    } catch (error) {
      log.warn({ channel: channelId, code: deliveryError(error).code }, 'the thread will be opened by its first reply');
      return undefined;
    }
  }

  async function postReply(channelId: string, parent: MessageRef, message: OutgoingMessage): Promise<MessageRef> {
    const thread = parent.thread ?? (await threads.open(channelId, parent.id, message.threadName));
    if (thread !== undefined) {
      try {
        const { id } = await threads.unarchived(thread, () => create(thread, message));
        return { channel: message.channel, id, thread };
      } catch (error) {
        // Somebody deleted the thread: an alert is better posted in the channel than lost.
        if (apiCode(error) !== UNKNOWN_CHANNEL) throw error;
        log.warn({ channel: channelId, thread }, 'the thread is gone; the reply goes to the channel');
      }
    }
    const { id } = await create(channelId, message, parent.id);
    return { channel: message.channel, id };
  }

  async function update(ref: MessageRef, card: Card): Promise<void> {
    const place = placeOf(ref);
    const { body, files } = renderCard(card, { kindOf, announce: true });
    const json = { ...body, ...listedFiles(files) };
    try {
      await threads.unarchived(place, () => api.patch(Routes.channelMessage(place, ref.id), { body: json, files }));
    } catch (error) {
      if (apiCode(error) !== UNKNOWN_MESSAGE) throw error;
      // The person who deleted it has seen it.
      log.info({ channel: ref.channel }, 'a message was deleted in Discord; there is nothing to edit');
    }
  }

  /** A message without its link is better than none. */
  async function link(ref: MessageRef): Promise<string | undefined> {
    try {
      const channel = await api.get<APIChannel>(Routes.channel(placeOf(ref)));
      return 'guild_id' in channel && channel.guild_id !== undefined
        ? `https://discord.com/channels/${channel.guild_id}/${channel.id}/${ref.id}`
        : undefined;
    } catch (error) {
      log.warn({ channel: ref.channel, code: deliveryError(error).code }, 'a message’s link could not be fetched');
      return undefined;
    }
  }

  return {
    platform: 'discord',
    post: (message) =>
      delivering(() => {
        const channelId = snowflake(message.channel);
        return message.inThreadOf === undefined
          ? postParent(channelId, message)
          : postReply(channelId, message.inThreadOf, message);
      }),
    update: (ref, card) => delivering(() => update(ref, card)),
    find: (nonce, where) => delivering(() => findMessage({ api, ownId }, nonce, where)),
    link,
  };
}

/** A thread has the id of the message on which it was opened; that message itself is in the channel. */
function placeOf(ref: MessageRef): string {
  return ref.thread !== undefined && ref.thread !== ref.id ? ref.thread : snowflake(ref.channel);
}

export function snowflake(channel: string): string {
  const id = discordId(channel);
  if (id === undefined) throw new DeliveryError('not_a_discord_channel', { retryable: false });
  return id;
}

async function delivering<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw deliveryError(error);
  }
}
