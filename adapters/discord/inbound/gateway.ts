import {
  type APIInteraction,
  Client,
  Events,
  GatewayDispatchEvents,
  GatewayIntentBits,
  SimpleShardingStrategy,
  WebSocketShardStatus,
} from 'discord.js';
import { LRUCache } from 'lru-cache';
import type { Log } from '../../../src/ports/log.ts';
import { restOptions } from '../outbound/api.ts';
import type { MentionKind } from '../render/markdown.ts';

export type GatewayOptions = {
  token: string;
  apiUrl?: string | undefined;
  onInteraction(interaction: APIInteraction): void;
  /** Discord closed the connection for good, e.g. because the token was reset. */
  onLost(reason: string): void;
  log: Log;
};

/** One connection to Discord's gateway; discord.js resumes it, or identifies again, for as long as it lives. */
export type Gateway = {
  applicationId: string;
  guildIds(): readonly string[];
  kindOf(id: string): MentionKind;
  close(): Promise<void>;
};

const CONNECT_MS = 45_000;
const SEEN_MAX = 2000;
/** A shard that waits to reconnect is idle, and an idle one can't be stopped. */
const IDLE_MS = 100;
const IDLE_TRIES = 10;

/** Connects; throws with what to do when Discord refuses. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { token, log } = options;
  const isNew = rememberer(SEEN_MAX);
  let isIdle: () => Promise<boolean> = async () => false;
  let closed = false;
  const client = new Client({
    // Slash commands and buttons need no intent; guilds bring the roles, to distinguish them from users.
    intents: [GatewayIntentBits.Guilds],
    rest: restOptions(options.apiUrl),
    ws: {
      buildStrategy: (manager) => {
        isIdle = async () => (await manager.fetchStatus()).some((status) => status === WebSocketShardStatus.Idle);
        return new SimpleShardingStrategy(manager);
      },
    },
  });
  client.on(Events.Error, (error) => log.warn({ reason: error.message }, 'Discord client error'));
  client.on(Events.ShardError, (error) => log.warn({ reason: error.message }, 'Discord gateway error'));
  client.on(Events.ShardReconnecting, () => log.info({}, 'Discord gateway: reconnecting'));
  client.on(Events.ShardResume, (_, replayed) => log.info({ replayed }, 'Discord gateway: resumed'));
  // As Discord sends them: the interaction's id identifies those that a resume delivers twice.
  client.ws.on(GatewayDispatchEvents.InteractionCreate, (interaction: APIInteraction) => {
    if (!closed && isNew(interaction.id)) options.onInteraction(interaction);
  });
  const ready = await connected(client, token);
  const lost = (reason: string) => {
    if (!closed) options.onLost(reason);
  };
  client.on(Events.ShardDisconnect, ({ code }) => lost(`close code ${code}`));
  client.on(Events.Invalidated, () => lost('session invalidated'));
  return {
    applicationId: ready.application.id,
    guildIds: () => [...client.guilds.cache.keys()],
    kindOf(id) {
      if (client.guilds.cache.has(id)) return 'everyone';
      return client.guilds.cache.some((guild) => guild.roles.cache.has(id)) ? 'role' : 'user';
    },
    async close() {
      closed = true;
      for (let tries = 0; tries < IDLE_TRIES && (await isIdle()); tries += 1) await sleep(IDLE_MS);
      await client.destroy();
    },
  };
}

async function connected(client: Client, token: string): Promise<Client<true>> {
  let timer: NodeJS.Timeout | undefined;
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Discord’s gateway did not answer')), CONNECT_MS);
  });
  try {
    await Promise.race([client.login(token), late]);
    return await Promise.race([ready, late]);
  } catch (error) {
    await client.destroy().catch(() => undefined);
    // Not as its cause: discord.js keeps the request, and with it the token, in its errors.
    throw new Error(reasonOf(error));
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : 'unknown';
  const refused = /invalid token|authentication failed/i.test(message);
  if (!refused) return `Discord: ${message}`;
  return 'Discord refuses DISCORD_TOKEN; copy it again: discord.com/developers → your application → Bot → Reset Token';
}

/** Returns true for an id that is not among the last `max`. */
function rememberer(max: number): (id: string) => boolean {
  const seen = new LRUCache<string, true>({ max });
  return (id) => {
    if (seen.has(id)) return false;
    seen.set(id, true);
    return true;
  };
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
