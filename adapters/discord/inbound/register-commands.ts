import { type APIApplicationCommand, DiscordAPIError, Routes } from 'discord.js';
import type { CommandDescription } from '../../../src/commands/grammar/command-description.ts';
import type { Log } from '../../../src/ports/log.ts';
import type { Api } from '../outbound/api.ts';
import {
  COMMAND_NAME,
  MESSAGE_COMMANDS,
  type MessageCommand,
  messageCommands,
  type Registration,
  registration,
} from './registration.ts';

export type RegisterOptions = {
  api: Api;
  applicationId: string;
  guildId?: string | undefined;
  definitions: readonly CommandDescription[];
  log: Log;
};

/** Registers the commands with Discord, for one guild or everywhere; only when they differ from the registered ones. */
export async function registerCommands(options: RegisterOptions): Promise<'unchanged' | 'registered'> {
  const { api, applicationId, guildId, definitions, log } = options;
  const route =
    guildId === undefined
      ? Routes.applicationCommands(applicationId)
      : Routes.applicationGuildCommands(applicationId, guildId);
  const scope = guildId === undefined ? 'global' : 'guild';
  const wanted = [registration(definitions, scope), ...messageCommands(scope)];
  const known = await knownCommands(api, route);
  if (known.length === wanted.length && wanted.every((one) => known.some((other) => sameCommand(other, one)))) {
    log.debug({}, 'the commands at Discord are up to date');
    return 'unchanged';
  }
  await api.put(route, { body: wanted });
  if (guildId !== undefined) await removeGlobalTwin(api, applicationId);
  log.info({ scope: guildId ?? 'global' }, 'registered /netdelta at Discord');
  return 'registered';
}

async function knownCommands(api: Api, route: `/${string}`): Promise<APIApplicationCommand[]> {
  try {
    return await api.get<APIApplicationCommand[]>(route);
  } catch (error) {
    // The comparison is a courtesy (Discord allows 200 registrations a day): without a response the commands are
    // registered.
    if (!(error instanceof DiscordAPIError)) throw error;
    return [];
  }
}

/** Registered before DISCORD_GUILD_ID was set: the server would show /netdelta twice. */
async function removeGlobalTwin(api: Api, applicationId: string): Promise<void> {
  const known = await knownCommands(api, Routes.applicationCommands(applicationId));
  const ours = [COMMAND_NAME, ...Object.keys(MESSAGE_COMMANDS)];
  for (const twin of known.filter(({ name }) => ours.includes(name))) {
    await api.delete(Routes.applicationCommand(applicationId, twin.id));
  }
}

/** Discord returns defaults that were not sent to it, and leaves out others. */
function sameCommand(known: APIApplicationCommand, wanted: Registration | MessageCommand): boolean {
  return JSON.stringify(essence(known)) === JSON.stringify(essence(wanted));
}

type Node = {
  type?: unknown;
  name?: unknown;
  description?: unknown;
  required?: unknown;
  autocomplete?: unknown;
  min_value?: unknown;
  max_value?: unknown;
  choices?: readonly { name: string; value: unknown }[];
  options?: readonly Node[];
  default_member_permissions?: unknown;
};

function essence(node: Node): unknown {
  return {
    type: node.type ?? 1,
    name: node.name,
    description: node.description,
    required: node.required === true,
    autocomplete: node.autocomplete === true,
    min: node.min_value ?? null,
    max: node.max_value ?? null,
    choices: (node.choices ?? []).map((choice) => [choice.name, choice.value]),
    options: (node.options ?? []).map(essence),
    permissions: String(node.default_member_permissions ?? ''),
  };
}
