import {
  type APIApplication,
  type APIChannel,
  type APIGuild,
  type APIGuildMember,
  type APIOverwrite,
  ChannelType,
  type RESTAPIPartialCurrentUserGuild,
  Routes,
} from 'discord.js';
import type { ChannelRef } from '../../src/core/model/principal.ts';
import type { DeliveryError } from '../../src/ports/chat.ts';
import type { Api } from './outbound/api.ts';
import { deliveryError } from './outbound/delivery-error.ts';
import { inviteLink, missingPermissions } from './outbound/permissions.ts';
import { discordId } from './render/markdown.ts';

export type Problem = { what: string; fix: string };

export type CheckDeps = { api: Api; guildId?: string | undefined; ownId: string | undefined };

/**
 * Problems that would keep alerts from their channels: the token, the server, the scope of the commands, and in each
 * channel every missing permission. No privileged intent is needed, so none can be missing.
 */
export async function check(deps: CheckDeps, channels: readonly ChannelRef[]): Promise<Problem[]> {
  const application = await attempt(() => deps.api.get<APIApplication>(Routes.currentApplication()));
  if (application.failure?.code === 'unauthorized') return [TOKEN_REFUSED];
  if (application.failure?.retryable === true) {
    return [{ what: `Discord cannot be reached (${application.failure.code})`, fix: REACH }];
  }
  const applicationId = application.value?.id ?? deps.ownId ?? '';
  const link = inviteLink(applicationId, deps.guildId);
  const servers = await serverProblems(deps, applicationId, link);
  if (servers.length > 0) return servers;
  const found: Problem[] = [];
  for (const channel of channels) found.push(...(await channelProblems(deps, applicationId, channel, link)));
  return found;
}

const TOKEN_REFUSED: Problem = {
  what: 'Discord refuses DISCORD_TOKEN',
  fix: 'Copy it again: discord.com/developers → your application → Bot → Reset Token.',
};
const REACH = 'Check that this machine reaches https://discord.com, or DISCORD_API_URL.';

type Attempt<T> = { value: T; failure?: undefined } | { value?: undefined; failure: DeliveryError };

async function attempt<T>(call: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await call() };
  } catch (error) {
    return { failure: deliveryError(error) };
  }
}

async function serverProblems({ api, guildId }: CheckDeps, applicationId: string, link: string): Promise<Problem[]> {
  const servers = await attempt(() => api.get<RESTAPIPartialCurrentUserGuild[]>(Routes.userGuilds()));
  if (servers.value === undefined) return [];
  if (guildId === undefined) {
    return servers.value.length > 0 ? [] : [{ what: 'The bot is in no server', fix: `Invite it: ${link}` }];
  }
  if (!servers.value.some((server) => server.id === guildId)) {
    return [{ what: `The bot is not in the server ${guildId} (DISCORD_GUILD_ID)`, fix: `Invite it: ${link}` }];
  }
  const commands = await attempt(() => api.get(Routes.applicationGuildCommands(applicationId, guildId)));
  if (commands.failure?.code !== MISSING_ACCESS) return [];
  return [
    { what: 'The bot may not register /netdelta (scope applications.commands)', fix: `Invite it again: ${link}` },
  ];
}

const MISSING_ACCESS = '50001';

const USABLE: readonly ChannelType[] = [
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.AnnouncementThread,
];

async function channelProblems(
  deps: CheckDeps,
  applicationId: string,
  ref: ChannelRef,
  link: string,
): Promise<Problem[]> {
  const id = discordId(ref);
  if (id === undefined) return [{ what: `${ref} is not a channel of Discord`, fix: 'Write it as discord:<its id>.' }];
  const { api } = deps;
  const channel = await attempt(() => api.get<APIChannel>(Routes.channel(id)));
  if (channel.failure?.code === MISSING_ACCESS) {
    return [{ what: `${ref}: missing View Channel`, fix: 'Give it to the bot under Edit Channel → Permissions.' }];
  }
  if (channel.value === undefined) {
    return [
      {
        what: `${ref}: Discord knows no such channel (${channel.failure.code})`,
        fix: 'Copy its id again (Developer Mode → Copy Channel ID).',
      },
    ];
  }
  const { value } = channel;
  const name = `#${value.name ?? id} (${ref})`;
  if (!USABLE.includes(value.type) || !('guild_id' in value) || value.guild_id === undefined) {
    return [{ what: `${name} is no text channel`, fix: 'Alerts need a text channel, so that they can open threads.' }];
  }
  if (deps.guildId !== undefined && value.guild_id !== deps.guildId) {
    return [{ what: `${name} is in another server than DISCORD_GUILD_ID`, fix: 'Take a channel of that server.' }];
  }
  const missing = await missingIn(api, value.guild_id, applicationId, value);
  if (missing.length === 0) return [];
  return [
    {
      what: `${name}: missing ${missing.join(', ')}`,
      fix: `Give them to the bot under Edit Channel → Permissions, or invite it again: ${link}`,
    },
  ];
}

async function missingIn(api: Api, guildId: string, botId: string, channel: APIChannel): Promise<string[]> {
  const guild = await attempt(() => api.get<APIGuild>(Routes.guild(guildId)));
  const member = await attempt(() => api.get<APIGuildMember>(Routes.guildMember(guildId, botId)));
  const overwrites = await attempt(() => overwritesOf(api, channel));
  if (guild.value === undefined || member.value === undefined || overwrites.value === undefined) return [];
  return missingPermissions(
    { id: botId, roles: member.value.roles },
    { guildId, roles: guild.value.roles, overwrites: overwrites.value },
  );
}

/** A thread has the permissions of its channel. */
async function overwritesOf(api: Api, channel: APIChannel): Promise<readonly APIOverwrite[]> {
  if ('permission_overwrites' in channel && channel.permission_overwrites !== undefined) {
    return channel.permission_overwrites;
  }
  if (!('parent_id' in channel) || typeof channel.parent_id !== 'string') return [];
  const parent = await api.get<APIChannel>(Routes.channel(channel.parent_id));
  return 'permission_overwrites' in parent ? (parent.permission_overwrites ?? []) : [];
}
