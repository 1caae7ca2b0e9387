import { createInterface, type Interface } from 'node:readline';
import type { Writable } from 'node:stream';
import type { Completer } from './completer.ts';
import type { ConsoleInput } from './session.ts';
import type { Prompt, Terminal } from './terminal.ts';

export type LineEditor = {
  /** The next line; undefined at the end of the input. */
  next(): Promise<string | undefined>;
  /** Asks for one value; undefined when the person does not want to (Ctrl-C, Ctrl-D). */
  ask(question: string, initial: string): Promise<string | undefined>;
  close(): void;
};

const HISTORY = 500;

/** Line editing with history and completion; whatever is printed meanwhile appears above what is being typed. */
export function createLineEditor(
  input: ConsoleInput,
  output: Writable,
  options: { prompt: string; terminal: Terminal; complete: Completer },
): LineEditor {
  const { prompt, terminal, complete } = options;
  const editor = createInterface({
    input,
    output,
    terminal: true,
    prompt,
    historySize: HISTORY,
    removeHistoryDuplicates: true,
    completer: (line: string, done: (error: null, found: [string[], string]) => void) => {
      complete(line).then(
        (found) => done(null, found),
        () => done(null, [[], line]),
      );
    },
  });
  const lines: string[] = [];
  let waiting: ((line: string | undefined) => void) | undefined;
  let closed = false;
  const shown = promptOf(editor);

  const give = (line: string | undefined) => {
    const taken = waiting;
    waiting = undefined;
    taken?.(line);
  };
  editor.on('line', (line) => {
    if (waiting === undefined) lines.push(line);
    else give(line);
  });
  editor.on('close', () => {
    closed = true;
    output.off('resize', resized);
    terminal.detach();
    give(undefined);
  });
  /** Ctrl-C takes back what was typed; on an empty line it leaves a question, or the console. */
  let asking = false;
  editor.on('SIGINT', () => {
    if (editor.line !== '') clearLine(editor);
    else if (asking) give(undefined);
    else editor.close();
  });
  // A terminal that changes its width lays the typed text out anew; readline would go up by the old number of rows.
  const resized = () => Reflect.set(editor, 'prevRows', editor.getCursorPos().rows);
  output.prependListener('resize', resized);
  terminal.attach(shown);

  const read = () =>
    new Promise<string | undefined>((resolve) => {
      const line = lines.shift();
      if (line !== undefined || closed) resolve(line);
      else waiting = resolve;
    });

  return {
    async next() {
      if (!closed) editor.prompt(true);
      return await read();
    },
    async ask(question, initial) {
      if (closed) return undefined;
      asking = true;
      editor.setPrompt(question);
      editor.prompt();
      if (initial !== '') editor.write(initial);
      const answer = await read();
      asking = false;
      editor.setPrompt(prompt);
      if (answer === undefined && !closed) output.write('\n');
      return answer;
    },
    close: () => editor.close(),
  };
}

function promptOf(editor: Interface): Prompt {
  return {
    rows: () => editor.getCursorPos().rows,
    // readline remembers the cursor's row of its last refresh, which is not always the one it is in.
    climb: () => ('prevRows' in editor && typeof editor.prevRows === 'number' ? editor.prevRows : 0),
    redraw: () => editor.prompt(true),
  };
}

/** As Ctrl-E, Ctrl-U. */
function clearLine(editor: Interface): void {
  editor.write(null, { ctrl: true, name: 'e' });
  editor.write(null, { ctrl: true, name: 'u' });
}
