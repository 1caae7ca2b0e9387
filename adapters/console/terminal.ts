import type { Writable } from 'node:stream';

/** The line being typed, below everything else. */
export type Prompt = {
  /** Rows from the prompt's first row down to the cursor. */
  rows(): number;
  /** Rows that `redraw` goes up before it draws. */
  climb(): number;
  redraw(): void;
};

export type Terminal = {
  /** Prints lines above the live ones; nothing that was printed before changes. */
  print(lines: readonly string[]): void;
  /** Lines that are redrawn in place: progress. */
  setLive(lines: readonly string[]): void;
  attach(prompt: Prompt): void;
  detach(): void;
};

const UP = (rows: number) => (rows > 0 ? `\u001b[${rows}A` : '');
const CLEAR_DOWN = '\r\u001b[J';

/**
 * A log that grows upwards, live lines below it, the prompt at the bottom. Lines must be narrower than the terminal, so
 * that each is one row. Without a terminal, lines are just printed.
 */
export function createTerminal(out: Writable, isTTY: boolean): Terminal {
  let live: readonly string[] = [];
  let drawn = 0;
  let prompt: Prompt | undefined;

  function redraw(lines: readonly string[]): void {
    const rows = prompt?.rows() ?? 0;
    const erase = drawn + rows > 0 || prompt !== undefined ? `${UP(drawn + rows)}${CLEAR_DOWN}` : '';
    // The prompt goes up before it draws itself; these are the rows for that.
    const room = '\n'.repeat(prompt?.climb() ?? 0);
    out.write(`${erase}${[...lines, ...live].map((line) => `${line}\n`).join('')}${room}`);
    drawn = live.length;
    prompt?.redraw();
  }

  return {
    print(lines) {
      if (isTTY) redraw(lines);
      else out.write(lines.map((line) => `${line}\n`).join(''));
    },
    setLive(lines) {
      live = lines;
      if (isTTY) redraw([]);
    },
    attach(next) {
      prompt = next;
      next.redraw();
    },
    detach() {
      prompt = undefined;
    },
  };
}
