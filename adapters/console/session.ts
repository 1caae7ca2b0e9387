import type { Readable } from 'node:stream';
import type { Dispatcher } from '../../src/commands/dispatcher.ts';
import type { Principal } from '../../src/core/model/principal.ts';
import type { ConsoleScreen } from './console-chat.ts';

export type ConsoleInput = Readable & { isTTY?: boolean };

export type RunConsoleOptions = {
  screen: ConsoleScreen;
  dispatcher: Dispatcher;
  input: ConsoleInput;
  json: boolean;
  principal: Principal;
  /** Resolves when a scan is judged and its messages are posted. */
  waitForScan(scanId: number): Promise<'ok' | 'failed'>;
  /** Resolves when nothing is in progress any more. */
  drain(): Promise<unknown>;
};

/** Words that leave the console, typed or in a pipe. */
export function isExit(line: string): boolean {
  return /^(?:exit|quit|bye)$/i.test(commandText(line));
}

/** `/netdelta group list` and `group list` are the same here. */
export function commandText(line: string): string {
  return line.replace(/^\s*\/netdelta(?=\s|$)/i, '').trim();
}
