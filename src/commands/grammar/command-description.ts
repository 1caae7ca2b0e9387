import type { Role } from '../../core/model/principal.ts';
import type { CommandContext, CommandResult } from '../dispatcher.ts';

/**
 * What an option holds. Each has one parser (text in, value out) and, where listed, a completer;
 * Slack's text parser, Discord's typed options, the console, help and forms all derive from it.
 */
export type OptionType =
  | 'text'
  | 'integer'
  | 'boolean'
  | 'duration'
  | 'channel'
  | 'who'
  | 'choice'
  | 'choices'
  | 'group'
  | 'schedule'
  | 'scan'
  | 'delta'
  | 'deltas'
  | 'mute'
  | 'window'
  | 'expectation'
  | 'host'
  | 'profile'
  | 'timezone'
  | 'targets'
  | 'ports'
  | 'when'
  | 'time';

export type OptionDefinition = {
  /** Lower case, `-` between words: the key of `key:value`, and Discord's option name. */
  name: string;
  type: OptionType;
  /** Short: Discord counts every character of the whole command. */
  description: string;
  /** What the description has no room for, with an example: shown by help and in forms. */
  hint?: string;
  /** Positional options are given in order, without their key; a `rest` one takes all the words that are left. */
  positional: boolean;
  required: boolean;
  rest?: boolean;
  choices?: readonly string[];
  /** A channel of any platform, not only of the one where it is typed: Discord's own list of channels would not do. */
  anyPlatform?: true;
  /** Somebody looked for, not given anything: a name will do where an id would have to be. */
  orName?: true;
  min?: number;
  max?: number;
};

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
  handle(context: CommandContext, options: CommandOptions): Promise<CommandResult>;
};

/** Validated values by option name, as text or list of text; read with the typed readers of `options.ts`. */
export type CommandOptions = Readonly<Record<string, string | readonly string[]>>;

/** The data of a command without its code: what registration, help and completion are derived from. */
export type CommandDescription = Omit<CommandDefinition, 'handle'>;
