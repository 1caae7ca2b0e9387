import type { Deps } from '../deps.ts';
import type { CommandContext, CommandResult } from '../dispatcher.ts';
import type { CommandDefinition, CommandDescription, CommandOptions } from './command-description.ts';

/** `help` tells of the whole table, itself included. */
export type HandlerDeps = Deps & { descriptions: readonly CommandDescription[] };

type Handler = (context: CommandContext, options: CommandOptions) => Promise<CommandResult>;

/** One row of the table: its data stands alone (registration, help), its code is bound to what it needs later. */
export type Command = { description: CommandDescription; bind(deps: HandlerDeps): CommandDefinition };

export function command(description: CommandDescription, handler: (deps: HandlerDeps) => Handler): Command {
  return { description, bind: (deps) => ({ ...description, handle: handler(deps) }) };
}
