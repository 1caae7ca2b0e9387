import type { OptionDefinition } from '../../core/model/option.ts';
import type { Role } from '../../core/model/principal.ts';
import type { CommandContext, CommandResult } from '../dispatcher.ts';

/** One row of the table: one file of its own under `handlers/`. */
export type CommandDefinition = {
  /** `['group', 'add']`, or `['status']`. */
  path: readonly [string] | readonly [string, string];
  role: Role | 'anyone';
  summary: string;
  options: readonly OptionDefinition[];
  example: string;
  /** Whether the answer is for the caller only or for the whole channel. */
  audience: 'private' | 'public';
  /** Opens a form when called without arguments, where the platform has forms. */
  form?: boolean;
  handle(context: CommandContext, options: CommandOptions<string>): Promise<CommandResult>;
};

/**
 * Validated values by option name, as text or list of text; read with the typed readers of `options.ts`. `Name`: the
 * option names of the command's definition, so that any other name doesn't compile.
 */
export type CommandOptions<Name extends string> = { readonly [N in Name]?: string | readonly string[] };

/** The data of a command without its code: registration, help and completion derive from it. */
export type CommandDescription = Omit<CommandDefinition, 'handle'>;
