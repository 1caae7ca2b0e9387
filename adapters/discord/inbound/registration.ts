import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandSubcommandGroupOption,
  type APIApplicationCommandSubcommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  PermissionFlagsBits,
} from 'discord.js';
import type { CommandDescription } from '../../../src/commands/grammar/command-description.ts';
import { isCompleted } from '../../../src/commands/grammar/completion.ts';
import { defined } from '../../../src/core/defined.ts';
import { unreachable } from '../../../src/core/errors.ts';
import type { OptionDefinition } from '../../../src/core/model/option.ts';
import { MAX_CHOICE, MAX_CHOICES, MAX_COMMAND_DESCRIPTION, MAX_COMMAND_TEXT, MAX_OPTIONS } from '../render/limits.ts';

export const COMMAND_NAME = 'netdelta';

type Subcommand = APIApplicationCommandSubcommandOption | APIApplicationCommandSubcommandGroupOption;

/** `/netdelta` in the form in which it is registered with Discord. */
export type Registration = {
  type: ApplicationCommandType.ChatInput;
  name: string;
  description: string;
  options: Subcommand[];
  default_member_permissions: number;
  contexts?: InteractionContextType[];
  integration_types?: ApplicationIntegrationType[];
};

const DESCRIPTION = 'Watch networks for change';

/**
 * The table of definitions as one command with subcommands and groups of them. Descriptions are shortened as far as the
 * limit on the whole command requires. By default only people who may manage the server see it; admins open it to roles
 * and channels under Server Settings → Integrations, as for any bot. What a user may do there is decided by NetDelta
 * (`/netdelta role`).
 */
export function registration(definitions: readonly CommandDescription[], scope: 'guild' | 'global'): Registration {
  for (const longest of [MAX_COMMAND_DESCRIPTION, 80, 60, 50, 40, 32, 24, 18, 12]) {
    const options = subcommands(definitions, longest);
    if (commandText({ name: COMMAND_NAME, description: DESCRIPTION, options }) > MAX_COMMAND_TEXT) continue;
    return {
      type: ApplicationCommandType.ChatInput,
      name: COMMAND_NAME,
      description: DESCRIPTION,
      options,
      default_member_permissions: Number(PermissionFlagsBits.ManageGuild),
      ...(scope === 'guild' ? {} : GLOBAL_ONLY),
    };
  }
  throw new Error(`the commands are over Discord's ${MAX_COMMAND_TEXT} characters, however short their descriptions`);
}

/** A guild's own command has these implicitly, and Discord only accepts them for global ones. */
const GLOBAL_ONLY = {
  contexts: [InteractionContextType.Guild],
  integration_types: [ApplicationIntegrationType.GuildInstall],
};

/** The menu entries of NetDelta's messages (right-click → Apps). */
export const MESSAGE_COMMANDS = { Acknowledge: 'acknowledge', 'Why?': 'why' } as const;

export type MessageCommand = {
  type: ApplicationCommandType.Message;
  name: string;
  default_member_permissions: number;
  contexts?: InteractionContextType[];
  integration_types?: ApplicationIntegrationType[];
};

/** Visible to everybody who sees /netdelta. */
export function messageCommands(scope: 'guild' | 'global'): MessageCommand[] {
  return Object.keys(MESSAGE_COMMANDS).map((name) => ({
    type: ApplicationCommandType.Message,
    name,
    default_member_permissions: Number(PermissionFlagsBits.ManageGuild),
    ...(scope === 'guild' ? {} : GLOBAL_ONLY),
  }));
}

function subcommands(definitions: readonly CommandDescription[], longest: number): Subcommand[] {
  const nouns = [...new Set(definitions.map((definition) => definition.path[0]))];
  return atMost(MAX_OPTIONS, 'nouns', nouns).map((noun): Subcommand => {
    const own = definitions.filter((definition) => definition.path[0] === noun);
    const [only] = own;
    if (only !== undefined && only.path.length === 1) return subcommand(only, noun, longest);
    const verbs = own.map((definition) => ({ definition, verb: definition.path[1] ?? noun }));
    return {
      type: ApplicationCommandOptionType.SubcommandGroup,
      name: noun,
      description: short(verbs.map(({ verb }) => verb).join(', '), longest),
      options: atMost(MAX_OPTIONS, noun, verbs).map(({ definition, verb }) => subcommand(definition, verb, longest)),
    };
  });
}

function subcommand(
  definition: CommandDescription,
  name: string,
  longest: number,
): APIApplicationCommandSubcommandOption {
  const offered = definition.options.filter((option) => option.typedOnly !== true);
  const options = atMost(MAX_OPTIONS, definition.path.join(' '), offered);
  // A command that opens a form must be sendable without arguments; the dispatcher asks for what is missing.
  const required = (option: OptionDefinition) => option.required && definition.form !== true;
  const sorted = [...options.filter(required), ...options.filter((option) => !required(option))];
  return {
    type: ApplicationCommandOptionType.Subcommand,
    name,
    description: short(definition.summary, longest),
    options: sorted.map((option) => basicOption(definition, option, required(option), longest)),
  };
}

/** Everything that completion knows is completed here too. */
function basicOption(
  definition: CommandDescription,
  option: OptionDefinition,
  required: boolean,
  longest: number,
): APIApplicationCommandBasicOption {
  const completed = isCompleted(definition, option);
  const base = {
    name: option.name,
    description: short(option.description, longest),
    ...(required ? { required } : {}),
  };
  switch (option.type) {
    case 'integer':
      return { type: ApplicationCommandOptionType.Integer, ...base, ...range(option) };
    case 'boolean':
      return { type: ApplicationCommandOptionType.Boolean, ...base };
    case 'channel':
      return option.anyPlatform === true
        ? { type: ApplicationCommandOptionType.String, ...base }
        : { type: ApplicationCommandOptionType.Channel, ...base };
    case 'file':
      return { type: ApplicationCommandOptionType.Attachment, ...base };
    case 'who':
      return { type: ApplicationCommandOptionType.Mentionable, ...base };
    case 'choice':
      return choiceOption(option, base);
    case 'text':
      return { type: ApplicationCommandOptionType.String, ...base, ...(completed ? { autocomplete: true } : {}) };
    case 'targets':
    case 'ports':
    case 'duration':
    case 'when':
    case 'time':
      return { type: ApplicationCommandOptionType.String, ...base };
    case 'attempts':
    case 'site':
    case 'notify':
    case 'remind':
    case 'choices':
    case 'group':
    case 'schedule':
    case 'scan':
    case 'delta':
    case 'deltas':
    case 'mute':
    case 'window':
    case 'expectation':
    case 'note':
    case 'host':
    case 'profile':
    case 'timezone':
      return { type: ApplicationCommandOptionType.String, ...base, autocomplete: true };
    default:
      return unreachable(option.type);
  }
}

function range(option: OptionDefinition): { min_value?: number; max_value?: number } {
  return {
    ...defined({ min_value: option.min, max_value: option.max }),
  };
}

function choiceOption(
  option: OptionDefinition,
  base: { name: string; description: string; required?: boolean },
): APIApplicationCommandBasicOption {
  const choices = (option.choices ?? []).filter((choice) => choice.length <= MAX_CHOICE);
  const type = ApplicationCommandOptionType.String;
  if (choices.length === 0 || choices.length > MAX_CHOICES) return { type, ...base, autocomplete: true };
  return { type, ...base, choices: choices.map((choice) => ({ name: choice, value: choice })) };
}

/** Cuts after a whole word if one ends near the limit. */
function short(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const head = text.slice(0, longest - 1);
  const space = head.lastIndexOf(' ');
  return `${(space > longest / 2 ? head.slice(0, space) : head).replace(/(?<![\s,;:.])[\s,;:.]+$/, '')}…`;
}

function atMost<T>(limit: number, what: string, items: readonly T[]): readonly T[] {
  if (items.length <= limit) return items;
  throw new Error(`${what}: ${items.length} are more than the ${limit} that Discord takes`);
}

type Described = {
  name: string;
  description?: string | undefined;
  options?: readonly Described[];
  choices?: readonly { name: string; value: string | number }[];
};

/** What Discord counts: names, descriptions and choices of the whole command. */
export function commandText({ name, description = '', options = [], choices = [] }: Described): number {
  const nested = options.reduce((sum, option) => sum + commandText(option), 0);
  const chosen = choices.reduce((sum, choice) => sum + choice.name.length + String(choice.value).length, 0);
  return name.length + description.length + nested + chosen;
}
