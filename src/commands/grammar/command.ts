import type { OptionDefinition } from '../../core/model/option.ts';
import type { Deps } from '../deps.ts';
import type { CommandContext, CommandResult } from '../dispatcher.ts';
import type { CommandDefinition, CommandDescription, CommandOptions } from './command-description.ts';

/** `help` describes the whole table, itself included. */
export type HandlerDeps = Deps & { descriptions: readonly CommandDescription[] };

type Handler<Name extends string> = (context: CommandContext, options: CommandOptions<Name>) => Promise<CommandResult>;

/**
 * One row of the table: its data is usable by itself (registration, help), its code is bound to its dependencies later.
 */
export type Command = { description: CommandDescription; bind(deps: HandlerDeps): CommandDefinition };

export function command<const Name extends string>(
  description: CommandDescription & { options: readonly OptionDefinition<Name>[] },
  handler: (deps: HandlerDeps) => Handler<Name>,
): Command {
  return { description, bind: (deps) => ({ ...description, handle: handler(deps) }) };
}
