import { type APIDMChannel, type APIInteraction, type RateLimitData, Routes } from 'discord.js';
import type { Card } from '../../src/cards/card.ts';
import type { ChannelRef } from '../../src/core/model/principal.ts';
import type { Chat } from '../../src/ports/chat.ts';
import { check, type Problem } from './check.ts';
import { createConnection } from './inbound/connection.ts';
import { createInteractionHandler } from './inbound/interactions.ts';
import { offeredBy } from './inbound/offered-files.ts';
import { channelOf, principalOf } from './inbound/principal.ts';
import type { DiscordOptions } from './options.ts';
import { type Api, createApi } from './outbound/api.ts';
import { createChat } from './outbound/chat.ts';
import { listedFiles } from './outbound/files.ts';
import { inviteLink } from './outbound/permissions.ts';
import { discordId, type KindOf } from './render/markdown.ts';
import { renderCard } from './render/render-card.ts';

export type Discord = {
  chat: Chat;
  /** Connects, and registers the commands if they changed; throws with what to do. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Problems that would keep alerts from these channels; works without `start`. */
  check(channels: readonly ChannelRef[]): Promise<{ problems: Problem[] }>;
  inviteLink(): string;
};

const DEADLINE_MS = 15_000;
/** Shorter waits (50 requests a second in total, a bucket that is about to be full again) are left to the client. */
const SHORT_MS = 1100;

function isLong(limit: RateLimitData): boolean {
  return Math.max(limit.timeToReset, limit.retryAfter, limit.sublimitTimeout) > SHORT_MS;
}

export async function createDiscord(options: DiscordOptions): Promise<Discord> {
  const { config, dispatcher, definitions, log } = options;
  const { token, apiUrl, guildId } = config;
  const ownId = userIdOf(token);
  // The delivery loop retries and waits; the client must not hold back other messages meanwhile.
  const deliveries = createApi({
    token,
    apiUrl,
    deadlineMs: DEADLINE_MS,
    rest: { retries: 0, rejectOnRateLimit: isLong },
  });
  // Interactions are not subject to the bot's global rate limit, so they have a client of their own.
  const answers = createApi({ token, apiUrl, deadlineMs: DEADLINE_MS, rest: { retries: 0 } });
  const kindOf: KindOf = (id) => connection.kindOf(id);
  const connection = createConnection({
    ...options,
    api: answers,
    handle: createInteractionHandler({
      api: answers,
      dispatcher,
      definitions,
      serves: (id) => (guildId === undefined ? isOnly(id, connection.guildIds()) : id === guildId),
      onOutsider: (userId, why) => options.onRejected?.(userId, why),
      kindOf,
      offered: offeredBy(apiUrl),
      claim: options.claim ?? (async () => true),
      afterwards: (card, audience, interaction) => sayAfterwards({ api: answers, kindOf }, card, audience, interaction),
      log,
    }),
  });

  return {
    chat: createChat({ api: deliveries, kindOf, ownId, log }),
    start: () => connection.open(),
    async stop() {
      await connection.close();
      deliveries.close();
      answers.close();
    },
    check: async (channels) => ({ problems: await check({ api: answers, guildId, ownId }, channels) }),
    inviteLink: () => inviteLink(connection.applicationId() ?? ownId ?? 'YOUR_APPLICATION_ID', guildId),
  };
}

/**
 * An interaction's token expires after 15 minutes; a later answer is an ordinary message, or a direct one if it is for
 * one person.
 */
async function sayAfterwards(
  { api, kindOf }: { api: Api; kindOf: KindOf },
  card: Card,
  audience: 'private' | 'public',
  interaction: APIInteraction,
): Promise<void> {
  const { body, files } = renderCard(card, { kindOf, announce: false });
  const message = { body: { ...body, ...listedFiles(files) }, files };
  if (audience === 'public') {
    await api.post(Routes.channelMessages(discordId(channelOf(interaction)) ?? ''), message);
    return;
  }
  const user = discordId(principalOf(interaction)?.key ?? '');
  const direct = await api.post<APIDMChannel>(Routes.userChannels(), { body: { recipient_id: user } });
  await api.post(Routes.channelMessages(direct.id), message);
}

/** A bot's token begins with its user id, which is also its application's id for all but the oldest bots. */
function userIdOf(token: string): string | undefined {
  const decoded = Buffer.from(token.split('.')[0] ?? '', 'base64').toString('latin1');
  return /^[0-9]{15,21}$/.test(decoded) ? decoded : undefined;
}

/** Without a configured server, the bot must be in one server only, so that there is no confusion. */
function isOnly(guildId: string, all: readonly string[]): boolean {
  return all.length === 1 && all[0] === guildId;
}
