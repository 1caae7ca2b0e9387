import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { openRunner, type Ran, type Runner } from '../app/run.ts';
import { RUN_OUTPUT } from '../commands/data/command-data.ts';
import type { Config } from '../config.ts';
import { UserError } from '../core/errors.ts';
import { EXIT, type Io } from './io.ts';
import { commandsIn, commandsOf, type RunLine } from './run-lines.ts';

export type RunOptions = { file?: string; json?: boolean; schema?: boolean; stopOnError?: boolean };

/** Exit codes by the result of a command; with several commands the worst counts. */
const CODES: Record<Ran['outcome'], number> = {
  done: EXIT.ok,
  refused: EXIT.different,
  failed: EXIT.different,
  'wrong-use': EXIT.wrongUse,
};

/** `netdelta run`: sends commands to the bot that runs on this data directory, one after the other. */
export async function runRun(
  readConfig: () => Promise<Config>,
  io: Io,
  words: readonly string[],
  options: RunOptions,
): Promise<number> {
  if (options.schema === true) {
    io.stdout(JSON.stringify(z.toJSONSchema(RUN_OUTPUT), null, 2));
    return EXIT.ok;
  }
  const lines = await linesOf(words, options);
  const config = await readConfig();
  const runner = await openRunner(config);
  if (runner === undefined) {
    io.stderr(`No NetDelta runs on the data directory ${config.dataDir}.`);
    io.stderr('Start it with `npm start`, or set NETDELTA_DATA_DIR to the directory of the one that runs.');
    return EXIT.different;
  }
  try {
    return await runAll(runner, io, lines, options);
  } finally {
    await runner.close();
  }
}

async function linesOf(words: readonly string[], { file }: RunOptions): Promise<RunLine[]> {
  const fromInput = file === '-' || (words.length === 0 && file === undefined && process.stdin.isTTY !== true);
  if (words.length === 1 && words[0] === '-') return commandsIn(await text(process.stdin));
  if (fromInput) return [...commandsOf(words), ...commandsIn(await text(process.stdin))];
  if (file !== undefined) return [...commandsOf(words), ...commandsIn(await readCommands(file))];
  if (words.length > 0) return commandsOf(words);
  throw new UserError('There is no command to run.', {
    hint: "For example: netdelta run '/netdelta status'. Commands from a file: --file FILE; from standard input: -",
  });
}

async function readCommands(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`The file of commands can't be read: ${reason}`, { hint: 'Check its path.' });
  }
}

async function runAll(runner: Runner, io: Io, lines: readonly RunLine[], options: RunOptions): Promise<number> {
  let code: number = EXIT.ok;
  for (const [index, line] of lines.entries()) {
    const ran = await runner.run(line.command);
    show(runner, io, ran, line, options);
    code = Math.max(code, CODES[ran.outcome]);
    if (options.stopOnError !== true || ran.outcome === 'done') continue;
    const left = lines.length - index - 1;
    if (left > 0) io.stderr(`Stopped there; not run: ${left} ${left === 1 ? 'command' : 'commands'}.`);
    break;
  }
  return code;
}

/**
 * Successful answers go to standard output, failures to standard error; with --json all go to standard output, a line
 * each.
 */
function show(runner: Runner, io: Io, ran: Ran, { line }: RunLine, { json }: RunOptions): void {
  const { painted, files, ...output } = ran;
  if (json === true) {
    io.stdout(JSON.stringify(output));
    return;
  }
  const where = line === undefined ? '' : `line ${line}: ${ran.command}\n`;
  if (ran.outcome !== 'done') io.stderr(`${where}${painted}`);
  else if (painted !== '') io.stdout(painted);
  for (const file of files) io.stdout(`file ${runner.save(file)}`);
}
