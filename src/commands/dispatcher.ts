import type { Card } from '../cards/card.ts';
import type { Form } from '../cards/form.ts';
import type { ChannelRef, Principal, Role } from '../core/model/principal.ts';
import type { OfferedFile } from '../ports/offered-file.ts';
import type { CommandData } from './data/command-data.ts';

/** The inbound half of every chat platform: adapters turn incoming requests into these calls, and show the results. */
export type Dispatcher = {
  /**
   * Never throws for a user's mistake: the result is then an error card. Every call is checked for permission and
   * audited.
   */
  command(call: CommandCall): Promise<CommandResult>;
  click(call: ClickCall): Promise<CommandResult>;
  /** Suggestions for the text being typed; at most 25, best first, the text itself at the top. */
  complete(call: CompletionCall): Promise<readonly { value: string; label: string }[]>;
  /** Slack's App Home: status, open deltas, next runs, the user's role. */
  home(principal: Principal): Promise<Card>;
};

export type CommandCall = {
  principal: Principal;
  channel: ChannelRef;
  /** Text after `/netdelta` (Slack, console), or options that a typed client or a form has already split. */
  input:
    | { type: 'text'; text: string }
    | { type: 'options'; path: readonly string[]; options: Readonly<Record<string, string>> };
  /** The platform can show a form now (Slack: a trigger id). */
  canShowForm: boolean;
  /** The options come from a submitted form: mistakes are answered by `field-errors`, beside the fields. */
  fromForm?: boolean;
  /** Files that were attached. */
  files?: readonly OfferedFile[];
  /** The most rows that a list shows, for scripts; one page of the platforms by default. */
  rows?: number;
};

export type ClickCall = {
  principal: Principal;
  channel: ChannelRef;
  actionId: string;
  /** The fields of a form, once filled in. */
  fields?: Readonly<Record<string, string>>;
  canShowForm: boolean;
};

export type CompletionCall = {
  principal: Principal;
  path: readonly string[];
  option: string;
  typed: string;
  /** The options filled in so far. */
  options: Readonly<Record<string, string>>;
};

export type CommandResult =
  | {
      type: 'card';
      card: Card;
      audience: 'private' | 'public';
      outcome: 'ok' | 'refused' | 'failed';
      /** Refused without being looked at: no such command or option, or an invalid value. */
      wrongUse?: true;
      /** The card's content as fields, for scripts. */
      data?: CommandData;
      /** What an action changed, for the audit. */
      change?: { before: unknown; after: unknown };
      /** The scan that this started; `scan now` from a pipe waits for it. */
      scanId?: number;
      /** Replaces the message that held the button, instead of answering beside it. */
      replace?: boolean;
    }
  | { type: 'form'; form: Form }
  /** Errors beside their fields, answering a form. */
  | { type: 'field-errors'; errors: Readonly<Record<string, string>> }
  /** Done; the result appears as edits of messages. */
  | { type: 'silent' };

/** The result of a scan that was waited for. */
export type ScanReport = { card: Card; data: CommandData };

/** The context of a handler's call. */
export type CommandContext = {
  principal: Principal;
  role: Role | undefined;
  channel: ChannelRef;
  now: number;
  files: readonly OfferedFile[];
  /** The most rows that a list shows. */
  rows: number;
};
