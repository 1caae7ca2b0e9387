import { askBot } from '../app/ask-bot.ts';
import { createProgramLog } from '../app/log.ts';
import type { Config } from '../config.ts';
import { EXIT, type Io } from './io.ts';

export type ApplyOptions = { dryRun?: boolean; prune?: boolean };

/**
 * `netdelta apply groups.yaml`: makes groups and reports equal to those of the file; `--dry-run` exits 1 when that would
 * change anything.
 */
export async function runApply(config: Config, io: Io, file: string, options: ApplyOptions): Promise<number> {
  const flags = { ...(options.dryRun ? { 'dry-run': 'on' } : {}), ...(options.prune ? { prune: 'on' } : {}) };
  const log = createProgramLog(config.logLevel ?? 'error');
  const { done, text, data } = await askBot(config, log, { path: 'apply', options: flags, paths: [file] });
  (done ? io.stdout : io.stderr)(text);
  if (!done) return EXIT.wrongUse;
  const differs = data?.type === 'plan' && data.total > 0;
  return options.dryRun === true && differs ? EXIT.different : EXIT.ok;
}

/** `netdelta export --config`: the groups as such a file, on standard output. */
export async function runExportConfig(config: Config, io: Io): Promise<number> {
  const log = createProgramLog(config.logLevel ?? 'error');
  const { done, text, files } = await askBot(config, log, { path: 'export', options: { config: 'on' } });
  const [file] = files;
  if (!done || file === undefined) {
    io.stderr(text);
    return EXIT.wrongUse;
  }
  io.stdout(file.data.toString('utf8').trimEnd());
  return EXIT.ok;
}
