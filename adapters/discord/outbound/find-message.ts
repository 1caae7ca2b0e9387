import { type APIMessage, Routes } from 'discord.js';
import { defined } from '../../../src/core/defined.ts';
import type { ChannelRef } from '../../../src/core/model/principal.ts';
import type { MessageRef } from '../../../src/ports/chat.ts';
import { MAX_HISTORY_PAGE } from '../render/limits.ts';
import { discordId } from '../render/markdown.ts';
import type { Api } from './api.ts';
import { apiCode } from './delivery-error.ts';

const UNKNOWN_CHANNEL = 10_003;
/** Our clock and Discord's may differ. */
const CLOCK_SKEW_MS = 60_000;
const MAX_PAGES = 10;
/** https://discord.com/developers/docs/reference#snowflakes */
const DISCORD_EPOCH = 1_420_070_400_000;

/**
 * Identifies a message when the response to its posting was lost, because Discord forgets nonces within minutes. It is
 * the URL of the first embed, which is shown nowhere as long as the embed has no title.
 */
export function markerOf(nonce: string): string {
  return `https://discord.com/#netdelta-${encodeURIComponent(nonce)}`;
}

/**
 * Searches the messages posted since then, in the channel or in the parent's thread: from the newest message back, and
 * at least one page, because our clock may be ahead of Discord's by hours.
 */
export async function findMessage(
  { api, ownId }: { api: Api; ownId: string | undefined },
  nonce: string,
  where: { channel: ChannelRef; inThreadOf?: MessageRef; since: number },
): Promise<MessageRef | undefined> {
  const channelId = discordId(where.channel);
  const isIt = (message: APIMessage) => isMarked(message, nonce) && (ownId ?? message.author.id) === message.author.id;
  if (channelId === undefined) return undefined;
  const parent = where.inThreadOf;
  const thread = parent === undefined ? undefined : (parent.thread ?? parent.id);
  if (thread !== undefined) {
    const inThread = await search(api, thread, isIt, where.since);
    if (inThread !== undefined) return { channel: where.channel, id: inThread.id, thread };
  }
  // Also for a reply: it is in the channel if there could be no thread.
  const found = await search(api, channelId, isIt, where.since);
  if (found === undefined) return undefined;
  return { channel: where.channel, id: found.id, ...(found.thread === undefined ? {} : { thread: found.thread.id }) };
}

async function search(
  api: Api,
  place: string,
  isIt: (message: APIMessage) => boolean,
  since: number,
): Promise<APIMessage | undefined> {
  const oldest = BigInt(Math.max(0, Math.floor(since) - CLOCK_SKEW_MS - DISCORD_EPOCH)) << 22n;
  let before: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const messages = await history(api, place, before);
    const found = messages.find(isIt);
    if (found !== undefined || messages.length < MAX_HISTORY_PAGE) return found;
    before = messages.map((message) => message.id).reduce(older);
    if (BigInt(before) < oldest) return undefined;
  }
  return undefined;
}

async function history(api: Api, place: string, before: string | undefined): Promise<APIMessage[]> {
  const query = new URLSearchParams({ limit: String(MAX_HISTORY_PAGE), ...defined({ before }) });
  try {
    return await api.get<APIMessage[]>(Routes.channelMessages(place), { query });
  } catch (error) {
    // A thread that was never opened has no messages.
    if (apiCode(error) === UNKNOWN_CHANNEL) return [];
    throw error;
  }
}

function isMarked(message: APIMessage, nonce: string): boolean {
  return message.nonce === nonce || message.embeds.some((embed) => embed.url === markerOf(nonce));
}

function older(a: string, b: string): string {
  return BigInt(a) < BigInt(b) ? a : b;
}
