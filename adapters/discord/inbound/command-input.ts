import {
  type APIApplicationCommandInteractionDataBasicOption,
  type APIApplicationCommandInteractionDataOption,
  ApplicationCommandOptionType,
} from 'discord.js';
import { plainMentions } from '../../../src/commands/input/mentions.ts';
import { defined } from '../../../src/core/defined.ts';

/** The text after `/netdelta`: the command, the values as text, and the option being typed. */
export type CommandInput = {
  path: string[];
  options: Record<string, string>;
  /** Ids of the attachments. */
  files: string[];
  focused?: { option: string; typed: string };
};

export function readCommandInput(
  given: readonly APIApplicationCommandInteractionDataOption[] | undefined,
): CommandInput {
  const path: string[] = [];
  let level = given ?? [];
  for (;;) {
    const [next] = level;
    if (
      next?.type !== ApplicationCommandOptionType.SubcommandGroup &&
      next?.type !== ApplicationCommandOptionType.Subcommand
    ) {
      break;
    }
    path.push(next.name);
    level = next.options ?? [];
  }
  return { path, ...readValues(level) };
}

function readValues(given: readonly APIApplicationCommandInteractionDataOption[]): Omit<CommandInput, 'path'> {
  const options: Record<string, string> = {};
  const files: string[] = [];
  let focused: CommandInput['focused'];
  for (const option of given) {
    if (!('value' in option)) continue;
    if ('focused' in option && option.focused === true) focused = { option: option.name, typed: String(option.value) };
    else if (option.type === ApplicationCommandOptionType.Attachment) files.push(String(option.value));
    else options[option.name] = valueText(option);
  }
  return { options, files, ...defined({ focused }) };
}

/** Channels, users and roles as the keys that the rest of NetDelta uses. */
function valueText(
  option: APIApplicationCommandInteractionDataBasicOption<never> | { type: number; value: unknown },
): string {
  switch (option.type) {
    case ApplicationCommandOptionType.Channel:
    case ApplicationCommandOptionType.User:
    case ApplicationCommandOptionType.Role:
    case ApplicationCommandOptionType.Mentionable:
      return `discord:${String(option.value)}`;
    default:
      return plainMentions(String(option.value));
  }
}
