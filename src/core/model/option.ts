/**
 * The type of an option's value. Each has one parser (text in, value out) and, where listed, a completer. Slack's text
 * parser, Discord's typed options, the console, help and forms all derive from it.
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
  /** What does not fit into the description, with an example: shown by help and in forms. */
  hint?: string;
  /** The label in the first part of a form; options without one appear under Advanced there. */
  question?: string;
  /** The default as a user would type it, shown by help. */
  preset?: string;
  /** Positional options are given in order, without their key; a `rest` option takes all remaining words. */
  positional: boolean;
  required: boolean;
  rest?: boolean;
  choices?: readonly string[];
  /** The meaning of the numbers 0, 1, 2… where people know the choices by number. */
  numbered?: readonly string[];
  /** A channel of any platform, not only the current one: Discord's own channel picker would not do. */
  anyPlatform?: true;
  /** `all` stands for every group. */
  orAll?: true;
  /** When it is on, the command is about every group, whichever it names. */
  everyGroup?: true;
  /** The option searches for a person rather than granting anything, so a name is accepted in place of an id. */
  orName?: true;
  /** Not among a platform’s typed options, whose number per command is limited: another command offers it there. */
  typedOnly?: true;
  min?: number;
  max?: number;
};
