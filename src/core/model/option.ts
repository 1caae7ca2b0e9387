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
  | 'note'
  | 'host'
  | 'profile'
  | 'timezone'
  | 'targets'
  | 'ports'
  | 'when'
  | 'time'
  | 'attempts'
  | 'site'
  | 'notify'
  | 'remind'
  | 'file';

export type OptionDefinition<Name extends string = string> = {
  /** Lower case, `-` between words: the key of `key:value`, and Discord's option name. */
  name: Name;
  type: OptionType;
  /** Short: Discord counts every character of the whole command. */
  description: string;
  /** What the description has no room for, with an example: shown by help and in forms. */
  hint?: string;
  /** Asked by the first part of a form; the options of a command that have none stand under Advanced there. */
  question?: string;
  /** What holds where it is not given, as one would type it: said by help. */
  preset?: string;
  /** Positional options are given in order, without their key; a `rest` one takes all the words that are left. */
  positional: boolean;
  required: boolean;
  rest?: boolean;
  choices?: readonly string[];
  /** What the numbers 0, 1, 2… stand for, where people know the choices by those. */
  numbered?: readonly string[];
  /** A channel of any platform, not only of the one where it is typed: Discord's own list of channels would not do. */
  anyPlatform?: true;
  /** Somebody looked for, not given anything: a name will do where an id would have to be. */
  orName?: true;
  /** Not among a platform’s typed options, of which a command has few: another command has it there. */
  typedOnly?: true;
  min?: number;
  max?: number;
};
