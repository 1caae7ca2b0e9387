import { askBot } from '../app/ask-bot.ts';
import { createProgramLog } from '../app/log.ts';
import type { Config } from '../config.ts';
import { EXIT, type Io } from './io.ts';

/** `netdelta import GROUP FILE…`: scans that were made elsewhere, judged like any others. */
export async function runImport(config: Config, io: Io, group: string, paths: readonly string[]): Promise<number> {
  const log = createProgramLog(config.logLevel ?? 'error');
  const { done, text } = await askBot(config, log, { path: 'import', options: { group }, paths });
  (done ? io.stdout : io.stderr)(text);
  return done ? EXIT.ok : EXIT.wrongUse;
}
