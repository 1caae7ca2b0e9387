import { type APIOverwrite, type APIRole, OverwriteType, PermissionFlagsBits } from 'discord.js';
import { defined } from '../../../src/core/defined.ts';

/** Exactly what the bot needs in a channel, under the names that Discord's settings show. */
export const NEEDED: readonly { name: string; bit: bigint }[] = [
  { name: 'View Channel', bit: PermissionFlagsBits.ViewChannel },
  { name: 'Send Messages', bit: PermissionFlagsBits.SendMessages },
  { name: 'Create Public Threads', bit: PermissionFlagsBits.CreatePublicThreads },
  { name: 'Send Messages in Threads', bit: PermissionFlagsBits.SendMessagesInThreads },
  { name: 'Embed Links', bit: PermissionFlagsBits.EmbedLinks },
  { name: 'Attach Files', bit: PermissionFlagsBits.AttachFiles },
  { name: 'Read Message History', bit: PermissionFlagsBits.ReadMessageHistory },
];

const SCOPES = 'bot applications.commands';

/** Adds the bot to a server with those permissions and no others. */
export function inviteLink(applicationId: string, guildId?: string): string {
  const permissions = NEEDED.reduce((all, { bit }) => all | bit, 0n);
  const query = new URLSearchParams({
    client_id: applicationId,
    scope: SCOPES,
    permissions: String(permissions),
    ...defined({ guild_id: guildId }),
  });
  return `https://discord.com/oauth2/authorize?${query}`;
}

export type Membership = { id: string; roles: readonly string[] };
export type Place = { guildId: string; roles: readonly APIRole[]; overwrites: readonly APIOverwrite[] };

/** The names of the needed permissions that a member lacks in a channel. */
export function missingPermissions(member: Membership, place: Place): string[] {
  const held = permissionsIn(member, place);
  return NEEDED.filter(({ bit }) => (held & bit) === 0n).map(({ name }) => name);
}

/** https://discord.com/developers/docs/topics/permissions#permission-overwrites */
function permissionsIn(member: Membership, { guildId, roles, overwrites }: Place): bigint {
  const own = roles.filter((role) => role.id === guildId || member.roles.includes(role.id));
  const base = own.reduce((all, role) => all | BigInt(role.permissions), 0n);
  if ((base & PermissionFlagsBits.Administrator) !== 0n) return ~0n;
  const everyone = overwrites.filter((overwrite) => overwrite.id === guildId);
  const byRole = overwrites.filter(
    ({ id, type }) => type === OverwriteType.Role && id !== guildId && member.roles.includes(id),
  );
  const personal = overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === member.id);
  return [everyone, byRole, personal].reduce(overwritten, base);
}

function overwritten(held: bigint, overwrites: readonly APIOverwrite[]): bigint {
  const denied = overwrites.reduce((all, { deny }) => all | BigInt(deny), 0n);
  const allowed = overwrites.reduce((all, { allow }) => all | BigInt(allow), 0n);
  return (held & ~denied) | allowed;
}
