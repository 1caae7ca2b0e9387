import { createConsole } from '../app/console.ts';
import { createLog } from '../app/log.ts';
import { createApp } from '../app.ts';
import type { Config } from '../config.ts';
import type { Io } from './io.ts';
import { exitCodeOf, untilSignal } from './signals.ts';

/** `netdelta console [--json]`: the chat on this terminal, beside the platforms that have tokens. */
export async function runConsoleCommand(config: Config, io: Io, json: boolean): Promise<number> {
  const interrupted = untilSignal().then(exitCodeOf);
  const log = createLog(config.logLevel ?? 'error');
  const terminal = createConsole(config, json || !process.stdin.isTTY);
  const app = await createApp(config, { log, consoleChat: terminal.chat });
  try {
    for (const remark of app.remarks) io.stderr(remark);
    return await Promise.race([terminal.run(app), interrupted]);
  } finally {
    await app.stop();
    // Interrupted, it may still wait for a line.
    process.stdin.destroy();
  }
}
