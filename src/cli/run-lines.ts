/** A command to run, and its line in the file. */
export type RunLine = { command: string; line?: number };

/**
 * The arguments of `netdelta run`: each argument with a blank in it is a command of its own; bare words together are
 * one command, so that `netdelta run group list` works. Values with blanks get their quotes back.
 */
export function commandsOf(words: readonly string[]): RunLine[] {
  const [first] = words;
  if (first === undefined) return [];
  if (/\s/.test(first.trim())) return words.map((command) => ({ command }));
  return [{ command: words.map(quoted).join(' ') }];
}

function quoted(word: string): string {
  if (!/\s/.test(word)) return word;
  const [, key = '', value = ''] = /^([a-z][a-z-]*:)?([\s\S]*)$/i.exec(word) ?? [];
  return `${key}"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** A file of commands, one per line; empty lines and those that begin with `#` are left out, `exit` ends it. */
export function commandsIn(text: string): RunLine[] {
  const lines = text.split(/\r?\n/).map((command, index) => ({ command: command.trim(), line: index + 1 }));
  const end = lines.findIndex(({ command }) => /^(?:\/netdelta\s+)?(?:exit|quit)$/i.test(command));
  const wanted = end < 0 ? lines : lines.slice(0, end);
  return wanted.filter(({ command }) => command !== '' && !command.startsWith('#'));
}
