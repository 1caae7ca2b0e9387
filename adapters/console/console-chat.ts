import type { Writable } from 'node:stream';
import { type ButtonNumbers, createButtonNumbers } from './buttons.ts';
import { createCardPrinter } from './card-printer.ts';
import { createJsonScreen } from './json-screen.ts';
import { createPrettyScreen } from './pretty-screen.ts';
import type { Screen } from './screen.ts';
import { createTerminal, type Terminal } from './terminal.ts';

export type ConsoleOptions = {
  out: Writable;
  /** Events for scripts instead of text for people. */
  json: boolean;
  isTTY: boolean;
  columns(): number;
  /** NO_COLOR is set. */
  noColor: boolean;
  /** Where attached files are saved. */
  filesDir?: string;
  /** Stores the last number of a button. */
  numbersFile?: string;
  now?: () => number;
  /** Time zone of the times shown; the machine's own when absent. */
  zone?: string;
};

/** What `runConsole` drives; for people also the terminal and the numbers of the buttons. */
export type ConsoleScreen = Screen & {
  people?: { out: Writable; terminal: Terminal; numbers: ButtonNumbers; colour: boolean };
};

/** The console as a chat platform: `chat` for delivery, the rest for `runConsole`. */
export function createConsoleChat(options: ConsoleOptions): ConsoleScreen {
  if (options.json) return createJsonScreen(options.out);
  const terminal = createTerminal(options.out, options.isTTY);
  const numbers = createButtonNumbers(options.numbersFile);
  const colour = options.isTTY && !options.noColor;
  const printer = createCardPrinter({
    ...{ numbers, colour, columns: options.columns, zone: options.zone },
    now: options.now ?? (() => Date.now()),
  });
  const screen = createPrettyScreen({ terminal, printer, filesDir: options.filesDir });
  return { ...screen, people: { out: options.out, terminal, numbers, colour } };
}
