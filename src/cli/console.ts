import { createConsole } from '../app/console.ts';
import { openConsoleApp } from '../app/console-app.ts';
import { createProgramLog } from '../app/log.ts';
import type { Config } from '../config.ts';
import { EXIT, type Io } from './io.ts';
import { exitCodeOf, untilSignal } from './signals.ts';

/** `netdelta console [--json]`: the chat on this terminal, of a bot that starts here or is already running. */
export async function runConsoleCommand(config: Config, io: Io, json: boolean): Promise<number> {
  const interrupted = untilSignal().then(exitCodeOf);
  const log = createProgramLog(config.logLevel ?? 'error');
  const terminal = createConsole(config, json || !process.stdin.isTTY);
  const app = await openConsoleApp(config, log, terminal.chat);
  const abandoned = app.botEnded.then(() => {
    io.stderr('NetDelta has ended, and this console with it.');
    return EXIT.different;
  });
  try {
    for (const remark of app.remarks) io.stderr(remark);
    return await Promise.race([terminal.run(app), interrupted, abandoned]);
  } finally {
    await app.stop();
    // When interrupted, it may still be waiting for a line.
    process.stdin.destroy();
  }
}
