import { createInterface, type Interface } from 'node:readline';
import type { Writable } from 'node:stream';
import type { Completer } from './completer.ts';
import type { ConsoleInput } from './session.ts';
import type { Prompt, Terminal } from './terminal.ts';

export type LineEditor = {
  /** The next line; undefined at the end of the input. */
  next(): Promise<string | undefined>;
  /** Asks for one value; undefined when the person cancels (Ctrl-C, Ctrl-D). */
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
    ...{ input, output, prompt, terminal: true, historySize: HISTORY, removeHistoryDuplicates: true },
    completer: (line: string, done: (error: null, found: [string[], string]) => void) => {
      complete(line).then(
        (found) => done(null, found),
        () => done(null, [[], line]),
      );
    },
  });
  const lines = createLines();
  let asking = false;
  editor.on('line', lines.give);
  // Ctrl-C deletes the typed text; on an empty line it leaves a question, or the console.
  editor.on('SIGINT', () => {
    if (editor.line !== '') clearLine(editor);
    else if (asking) lines.refuse();
    else editor.close();
  });
  // A terminal that is gone can't be reset; this error says nothing else.
  editor.on('error', () => undefined);
  const release = keepPlace(editor, input, output, terminal);
  editor.on('close', () => {
    release();
    lines.end();
  });

  return {
    async next() {
      if (!lines.ended()) editor.prompt(true);
      return await lines.take();
    },
    async ask(question, initial) {
      if (lines.ended()) return undefined;
      asking = true;
      editor.setPrompt(question);
      editor.prompt();
      if (initial !== '') editor.write(initial);
      const answer = await lines.take();
      asking = false;
      editor.setPrompt(prompt);
      if (answer === undefined && !lines.ended()) output.write('\n');
      return answer;
    },
    close: () => editor.close(),
  };
}

/** Lines that were typed ahead, and a pending request for the next one. */
function createLines() {
  const ahead: string[] = [];
  let waiting: ((line: string | undefined) => void) | undefined;
  let over = false;
  const hand = (line: string | undefined) => {
    const taken = waiting;
    waiting = undefined;
    taken?.(line);
  };
  return {
    give: (line: string) => (waiting === undefined ? void ahead.push(line) : hand(line)),
    refuse: () => hand(undefined),
    end() {
      over = true;
      hand(undefined);
    },
    ended: () => over,
    take: () =>
      new Promise<string | undefined>((resolve) => {
        const line = ahead.shift();
        if (line !== undefined || over) resolve(line);
        else waiting = resolve;
      }),
  };
}

/** Keeps the prompt below what is printed. Returns a function that stops it. */
function keepPlace(editor: Interface, input: ConsoleInput, output: Writable, terminal: Terminal): () => void {
  // A terminal that changes its width reflows the typed text; readline would go up by the old number of rows.
  const countRows = () => Reflect.set(editor, 'prevRows', editor.getCursorPos().rows);
  // The same before the last character of a pasted text, the only one at which readline counts rows and completes.
  const typed = () => {
    if (Reflect.get(editor, 'isCompletionEnabled') !== false) countRows();
  };
  output.prependListener('resize', countRows);
  input.prependListener('keypress', typed);
  terminal.attach(promptOf(editor));
  return () => {
    output.off('resize', countRows);
    input.off('keypress', typed);
    terminal.detach();
  };
}

function promptOf(editor: Interface): Prompt {
  return {
    rows: () => editor.getCursorPos().rows,
    // readline remembers the cursor's row of its last refresh, which is not always the current one.
    climb: () => ('prevRows' in editor && typeof editor.prevRows === 'number' ? editor.prevRows : 0),
    redraw: () => editor.prompt(true),
  };
}

/** The same as Ctrl-E, Ctrl-U. */
function clearLine(editor: Interface): void {
  editor.write(null, { ctrl: true, name: 'e' });
  editor.write(null, { ctrl: true, name: 'u' });
}
