import type { Card } from '../cards/card.ts';
import type { Form } from '../cards/form.ts';
import type { ChannelRef, Principal, Role } from '../core/model/principal.ts';
import type { OfferedFile } from '../ports/offered-file.ts';
import type { CommandData } from './data/command-data.ts';

/** Inbound half of every chat platform: adapters turn what arrives into these calls, and show what comes back. */
export type Dispatcher = {
  /** Never throws for a user's mistake: the result is then an error card. Permission is checked and an audit entry written on every call. */
  command(call: CommandCall): Promise<CommandResult>;
  click(call: ClickCall): Promise<CommandResult>;
  /** Suggestions for what is being typed; at most 25, best first, what was typed first. */
  complete(call: CompletionCall): Promise<readonly { value: string; label: string }[]>;
  /** Slack's App Home: status, open deltas, next runs, one's role. */
  home(principal: Principal): Promise<Card>;
};

export type CommandCall = {
  principal: Principal;
  channel: ChannelRef;
  /** Text after `/netdelta` (Slack, console), or what a typed client or a form already split. */
  input:
    | { type: 'text'; text: string }
    | { type: 'options'; path: readonly string[]; options: Readonly<Record<string, string>> };
  /** The platform can show a form now (Slack: a trigger id). */
  canShowForm: boolean;
  /** The options come from a submitted form: mistakes are answered by `field-errors`, beside the fields. */
  fromForm?: boolean;
  /** What was attached to it. */
  files?: readonly OfferedFile[];
  /** Rows that a list shows at most, for scripts; a page of the platforms' unless given. */
  rows?: number;
};

export type ClickCall = {
  principal: Principal;
  channel: ChannelRef;
  actionId: string;
  /** What a form asked for, once filled in. */
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
      /** Refused before it was looked at: no such command or option, or a value that none can be. */
      wrongUse?: true;
      /** What the card says, as fields for scripts. */
      data?: CommandData;
      /** What a deed changed, for the audit. */
      change?: { before: unknown; after: unknown };
      /** The scan that this started; `scan now` from a pipe waits for it. */
      scanId?: number;
      /** Replace the message that held the button, instead of answering beside it. */
      replace?: boolean;
    }
  | { type: 'form'; form: Form }
  /** Errors beside their fields, answering a form. */
  | { type: 'field-errors'; errors: Readonly<Record<string, string>> }
  /** Done; what there is to see arrives as edits of messages. */
  | { type: 'silent' };

/** What came of a scan that was waited for. */
export type ScanReport = { card: Card; data: CommandData };

/** What a handler is given. */
export type CommandContext = {
  principal: Principal;
  role: Role | undefined;
  channel: ChannelRef;
  now: number;
  files: readonly OfferedFile[];
  /** Rows that a list shows at most. */
  rows: number;
};
