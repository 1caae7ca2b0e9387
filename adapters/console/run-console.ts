import { byteLines } from './byte-lines.ts';
import { runPeople } from './run-people.ts';
import { CONSOLE_CHANNEL } from './screen.ts';
import { commandText, type RunConsoleOptions } from './session.ts';

/** Runs the console until its input ends. Resolves with the exit code: 0, or 1 when a scan that was started here failed. */
export async function runConsole(options: RunConsoleOptions): Promise<number> {
  const started = new Set<number>();
  const { people } = options.screen;
  if (people !== undefined && options.input.isTTY === true) await runPeople(options, people, started);
  else await runScript(options, started);
  await options.drain();
  const ends = await Promise.all([...started].map((id) => options.waitForScan(id)));
  return ends.includes('failed') ? 1 : 0;
}

/** A line in is a command or a click; they run in order, and from a pipe a scan holds the next line until it is judged. */
async function runScript(options: RunConsoleOptions, started: Set<number>): Promise<void> {
  const holds = options.input.isTTY !== true;
  for await (const line of byteLines(options.input)) {
    const scanId = await runLine(options, line);
    if (scanId === undefined) continue;
    started.add(scanId);
    if (holds && !isAsync(line)) await options.waitForScan(scanId);
  }
}

function isAsync(line: string): boolean {
  return /\sasync:"?(?:on|yes|true|1)\b/i.test(line);
}

/** Runs one line and shows its answer; returns the scan that it started, if any. */
async function runLine(
  { dispatcher, principal, screen }: RunConsoleOptions,
  line: string,
): Promise<number | undefined> {
  const click = /^\s*click\s+(\S(?:.*\S)?)\s*$/.exec(line)?.[1];
  const call = { principal, channel: CONSOLE_CHANNEL, canShowForm: false };
  const result =
    click === undefined
      ? await dispatcher.command({ ...call, input: { type: 'text', text: commandText(line) } })
      : await dispatcher.click({ ...call, actionId: click });
  if (result.type !== 'card') return undefined;
  screen.answer(result.card, { audience: result.audience, replaces: result.replace === true ? click : undefined });
  return result.scanId;
}
