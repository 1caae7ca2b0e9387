import { createProgramLog } from '../app/log.ts';
import { startWorker } from '../app/worker.ts';
import type { Config } from '../config.ts';
import { EXIT, type Io } from './io.ts';
import { untilSignal } from './signals.ts';

/** `netdelta worker`: only scans, for one site, until it is stopped. */
export async function runWorker(
  config: Config,
  io: Io,
  options: { site: string; concurrency?: number },
): Promise<number> {
  const stopped = untilSignal();
  const log = createProgramLog(config.logLevel ?? 'info');
  const worker = await startWorker(config, { ...options, log });
  io.stderr(`Scanning for site ${options.site}, ${worker.concurrency} nmap at once (${worker.describe}).`);
  const signal = await stopped;
  log.info({ signal }, 'stopping');
  await worker.stop();
  return EXIT.ok;
}
