import { ownSiteKey } from '../app/worker.ts';
import type { Config } from '../config.ts';
import { EXIT, type Io } from './io.ts';

/** `netdelta worker-key SITE`: run on the bot's machine; standard output contains only the key. */
export async function runWorkerKey(config: Config, io: Io, site: string): Promise<number> {
  io.stdout(await ownSiteKey(config, site));
  io.stderr(`Set it as NETDELTA_SITE_KEY for the workers of site ${site}, and for nobody else.`);
  return EXIT.ok;
}
