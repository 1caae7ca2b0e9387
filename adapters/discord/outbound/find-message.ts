import { type APIMessage, Routes } from 'discord.js';
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
 * What a message is found by when the answer to its posting was lost: Discord forgets nonces within minutes. It is
 * the address of the first embed, which shows nowhere as long as the embed has no title.
 */
export function markerOf(nonce: string): string {
  return `https://discord.com/#netdelta-${encodeURIComponent(nonce)}`;
}

/** Looks through what was posted since then, in the channel or in the parent's thread. */
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
  // Also for a reply: it stands in the channel where there could be no thread.
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
  let after = String(BigInt(Math.max(0, Math.floor(since) - CLOCK_SKEW_MS - DISCORD_EPOCH)) << 22n);
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const messages = await history(api, place, after);
    const found = messages.find(isIt);
    if (found !== undefined || messages.length < MAX_HISTORY_PAGE) return found;
    after = messages.map((message) => message.id).reduce(newer);
  }
  return undefined;
}

async function history(api: Api, place: string, after: string): Promise<APIMessage[]> {
  const query = new URLSearchParams({ limit: String(MAX_HISTORY_PAGE), after });
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

function newer(a: string, b: string): string {
  return BigInt(a) > BigInt(b) ? a : b;
}
