import type { APIInteraction } from 'discord.js';
import type { ChannelRef, Principal } from '../../../src/core/model/principal.ts';

/** The user, with the roles that Discord reports; undefined outside a server. */
export function principalOf(interaction: APIInteraction): Principal | undefined {
  const { member } = interaction;
  if (member === undefined) return undefined;
  const { user, nick, roles } = member;
  return {
    key: `discord:${user.id}`,
    platform: 'discord',
    name: nick ?? user.global_name ?? user.username,
    memberships: roles.map((role) => `discord:${role}`),
  };
}

export function channelOf(interaction: APIInteraction): ChannelRef {
  return `discord:${interaction.channel?.id ?? interaction.channel_id ?? '0'}`;
}
