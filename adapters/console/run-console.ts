import { byteLines } from './byte-lines.ts';
import { runPeople } from './run-people.ts';
import { CONSOLE_CHANNEL } from './screen.ts';
import { commandText, isExit, type RunConsoleOptions } from './session.ts';

/** Exit codes of a script: with several problems the worst counts. */
const DONE = 0;
const NOT_DONE = 1;
const WRONG_USE = 2;

/**
 * Runs the console until its input ends. Resolves with the exit code: 0; 1 when a scan that was started here failed or
 * a script's command was refused; 2 when a script had an unknown command. A person's refused or unknown commands do not
 * count: they have seen the answer.
 */
export async function runConsole(options: RunConsoleOptions): Promise<number> {
  const started = new Set<number>();
  const { people } = options.screen;
  let code = DONE;
  if (people !== undefined && options.input.isTTY === true) await runPeople(options, people, started);
  else code = await runScript(options, started);
  await options.drain();
  const ends = await Promise.all([...started].map((id) => options.waitForScan(id)));
  return Math.max(code, ends.includes('failed') ? NOT_DONE : DONE);
}

/**
 * Each input line is a command or a click; they run in order, and from a pipe a scan holds back the next line until it
 * is judged.
 */
async function runScript(options: RunConsoleOptions, started: Set<number>): Promise<number> {
  const holds = options.input.isTTY !== true;
  let code = DONE;
  for await (const line of byteLines(options.input)) {
    if (isExit(line)) break;
    const ran = await runLine(options, line);
    code = Math.max(code, ran.code);
    if (ran.scanId === undefined) continue;
    started.add(ran.scanId);
    if (holds && !isAsync(line)) await options.waitForScan(ran.scanId);
  }
  return code;
}

function isAsync(line: string): boolean {
  return /\sasync:"?(?:on|yes|true|1)\b/i.test(line);
}

/** Runs one line and shows its answer; returns its exit code and the scan that it started, if any. */
async function runLine(
  { dispatcher, principal, screen }: RunConsoleOptions,
  line: string,
): Promise<{ code: number; scanId?: number }> {
  const click = /^\s*click\s+(\S(?:.*\S)?)\s*$/.exec(line)?.[1];
  const call = { principal, channel: CONSOLE_CHANNEL, canShowForm: false };
  const result =
    click === undefined
      ? await dispatcher.command({ ...call, input: { type: 'text', text: commandText(line) } })
      : await dispatcher.click({ ...call, actionId: click });
  if (result.type !== 'card') return { code: DONE };
  screen.answer(result.card, { audience: result.audience, replaces: result.replace === true ? click : undefined });
  const code = result.wrongUse === true ? WRONG_USE : result.outcome === 'ok' ? DONE : NOT_DONE;
  return result.scanId === undefined ? { code } : { code, scanId: result.scanId };
}
