import type { Dispatcher } from '../../src/commands/dispatcher.ts';
import type { CommandDescription } from '../../src/commands/grammar/command-description.ts';
import type { Log } from '../../src/ports/log.ts';

export type DiscordConfig = { token: string; guildId?: string; apiUrl?: string };

export type DiscordOptions = {
  config: DiscordConfig;
  dispatcher: Dispatcher;
  definitions: readonly CommandDescription[];
  log: Log;
  /** False when another bot with this token answers that interaction. Absent: there is no other. */
  claim?(interactionId: string): Promise<boolean>;
  /** A problem that only a person can fix. */
  onAdminNotice(text: string): void;
  /** Somebody who is in none of our servers was refused, for the audit. */
  onRejected?(from: string, why: string): void;
};
