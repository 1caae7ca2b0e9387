import { refusals } from './answers.ts';
import { commandComplaints } from './command-strictness.ts';
import { at, type FakeAnswer, type FakeRequest } from './request.ts';
import type { FakeGuild, RegisteredCommand, RegisteredOption, World } from './world.ts';

/** The application itself, its commands, its servers; undefined for other paths. */
export function answerApplication(world: World, request: FakeRequest): FakeAnswer | undefined {
  const { method, path } = request;
  if (path === '/applications/@me' && method === 'GET') return { status: 200, body: application(world) };
  if (path === '/users/@me' && method === 'GET') return { status: 200, body: botUser(world) };
  if (path === '/users/@me/guilds')
    return { status: 200, body: [...world.guilds.values()].map(({ id, name }) => ({ id, name })) };
  if (path === '/users/@me/channels' && method === 'POST') return openDirect(world, request);
  const [, guildScope] = at('/applications/:id/guilds/:id/commands', path) ?? [];
  if (guildScope !== undefined) return commands(world, guildScope, request);
  if (at('/applications/:id/commands', path) !== undefined) return commands(world, 'global', request);
  const [, commandId] = at('/applications/:id/commands/:id', path) ?? [];
  if (commandId !== undefined && method === 'DELETE') return removeGlobal(world, commandId);
  const [guildId, memberId] = at('/guilds/:id/members/:id', path) ?? [];
  if (guildId !== undefined) return { status: 200, body: member(world, guildIn(world, guildId), memberId ?? '') };
  const [id] = at('/guilds/:id', path) ?? [];
  return id === undefined ? undefined : { status: 200, body: apiGuild(guildIn(world, id)) };
}

export function botUser(world: World): object {
  return {
    id: world.botId,
    username: 'netdelta',
    discriminator: '0',
    global_name: null,
    avatar: null,
    bot: true,
    flags: 0,
  };
}

function application(world: World): object {
  return { id: world.applicationId, name: 'NetDelta', icon: null, description: '', flags: 0, bot: botUser(world) };
}

function guildIn(world: World, id: string): FakeGuild {
  const guild = world.guilds.get(id);
  if (guild === undefined) throw refusals.unknownGuild();
  return guild;
}

export function apiRoles(guild: FakeGuild): object[] {
  return guild.roles.map(({ id, name, permissions }, position) => ({
    id,
    name,
    permissions: String(permissions),
    position,
    color: 0,
    hoist: false,
    managed: false,
    mentionable: true,
    flags: 0,
  }));
}

function apiGuild(guild: FakeGuild): object {
  return { id: guild.id, name: guild.name, owner_id: '1', roles: apiRoles(guild), emojis: [], features: [] };
}

function member(world: World, guild: FakeGuild, id: string): object {
  const roles = id === world.botId ? guild.botRoles : (world.users.get(id)?.roles ?? []);
  return { user: { id }, roles, joined_at: new Date().toISOString(), deaf: false, mute: false, flags: 0 };
}

function openDirect(world: World, { body }: FakeRequest): FakeAnswer {
  const { recipient_id: recipient } = body as { recipient_id: string };
  const id = directChannelId(recipient);
  if (!world.channels.has(id)) {
    const channel = { id, guildId: undefined, name: 'direct', type: 1, denied: 0n };
    world.channels.set(id, { ...channel, archived: false, locked: false, messages: [] });
  }
  return { status: 200, body: { id, type: 1, recipients: [{ id: recipient }] } };
}

export function directChannelId(userId: string): string {
  return String(BigInt(userId) + 7n);
}

function commands(world: World, scope: string, { method, body }: FakeRequest): FakeAnswer {
  if (scope !== 'global') guildIn(world, scope);
  if (method === 'PUT') {
    const wanted = body as (RegisteredOption & { default_member_permissions?: number | string | null })[];
    const complaints = wanted.flatMap(commandComplaints);
    if (complaints.length > 0) throw refusals.invalid(complaints.join('; '));
    world.commands.set(
      scope,
      wanted.map((command) => registered(world, command)),
    );
  }
  return { status: 200, body: world.commands.get(scope) ?? [] };
}

/** Discord answers with defaults filled in, and permissions as text. */
function registered(
  world: World,
  command: RegisteredOption & { default_member_permissions?: number | string | null },
): RegisteredCommand {
  const permissions = command.default_member_permissions;
  return {
    ...command,
    id: world.newId(),
    default_member_permissions: permissions === undefined || permissions === null ? null : String(permissions),
  };
}

function removeGlobal(world: World, id: string): FakeAnswer {
  const rest = (world.commands.get('global') ?? []).filter((command) => command.id !== id);
  world.commands.set('global', rest);
  return { status: 204 };
}
