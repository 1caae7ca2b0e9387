/** The state of a Discord with one bot in it. Ids are snowflakes, as strings. */

export type FakeUser = { id: string; username: string; roles: string[] };
export type FakeRole = { id: string; name: string; permissions: bigint };
export type FakeGuild = { id: string; name: string; roles: FakeRole[]; botRoles: string[] };

export type FakeChannel = {
  id: string;
  guildId: string | undefined;
  name: string;
  /** 0 text, 1 direct, 5 announcement, 11 thread, 15 forum. */
  type: number;
  /** Permissions denied to the bot in this channel. */
  denied: bigint;
  parentId?: string;
  archived: boolean;
  locked: boolean;
  archiveAfter?: number;
  messages: FakeMessage[];
};

export type FakeFile = { name: string; contentType: string; data: Buffer };

export type Component = {
  type: number;
  custom_id?: string;
  label?: string;
  style?: number;
  placeholder?: string;
  options?: { label: string; value: string; default?: boolean }[];
  components?: Component[];
};

export type Embed = { title?: string; description?: string; url?: string; color?: number };

export type FakeMessage = {
  id: string;
  channelId: string;
  authorId: string;
  content: string;
  embeds: Embed[];
  components: Component[];
  files: FakeFile[];
  flags: number;
  nonce?: string;
  repliesTo?: string;
  /** Users, roles and `everyone` that were notified. */
  pings: string[];
  postedAt: number;
  edits: number;
};

export type RegisteredOption = {
  type: number;
  name: string;
  description: string;
  required?: boolean;
  autocomplete?: boolean;
  choices?: { name: string; value: string | number }[];
  options?: RegisteredOption[];
};

export type RegisteredCommand = RegisteredOption & { id: string; default_member_permissions: string | null };

/** Where it is stored, if not in this Discord. */
export type Attached = FakeFile & { elsewhere?: string };

export type World = {
  /** Where attachments are fetched. */
  origin: string;
  attachments: Map<string, Attached>;
  botId: string;
  applicationId: string;
  token: string;
  guilds: Map<string, FakeGuild>;
  users: Map<string, FakeUser>;
  channels: Map<string, FakeChannel>;
  /** By guild id, or `global`. */
  commands: Map<string, RegisteredCommand[]>;
  newId(): string;
};

const DISCORD_EPOCH = 1_420_070_400_000n;

export function createWorld(): World {
  let count = 0n;
  const newId = () => {
    count += 1n;
    return String(((BigInt(Date.now()) - DISCORD_EPOCH) << 22n) | (count & 0x3f_ffffn));
  };
  const botId = newId();
  return {
    origin: '',
    attachments: new Map(),
    botId,
    applicationId: botId,
    token: `${Buffer.from(botId).toString('base64url')}.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB`,
    guilds: new Map(),
    users: new Map(),
    channels: new Map(),
    commands: new Map(),
    newId,
  };
}

export const PERMISSIONS = {
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  readHistory: 1n << 16n,
  createThreads: 1n << 35n,
  sendInThreads: 1n << 38n,
} as const;

export const ALL_NEEDED = Object.values(PERMISSIONS).reduce((all, bit) => all | bit, 0n);

/** Whether the bot may; a thread has the permissions of its channel. */
export function botMay(world: World, channel: FakeChannel, bit: bigint): boolean {
  if (channel.type === 1) return true;
  const place = channel.parentId === undefined ? channel : (world.channels.get(channel.parentId) ?? channel);
  const guild = world.guilds.get(place.guildId ?? '');
  if (guild === undefined) return false;
  const roles = guild.roles.filter((role) => role.id === guild.id || guild.botRoles.includes(role.id));
  const held = roles.reduce((all, role) => all | role.permissions, 0n) & ~place.denied;
  return (held & bit) === bit;
}
