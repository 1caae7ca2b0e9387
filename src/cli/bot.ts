import { createProgramLog } from '../app/log.ts';
import { createApp } from '../app.ts';
import type { Config } from '../config.ts';
import { UserError } from '../core/errors.ts';
import { EXIT, type Io } from './io.ts';
import { untilSignal } from './signals.ts';

/** `netdelta bot`: on the platforms that have tokens, until it is stopped. */
export async function runBot(config: Config, io: Io): Promise<number> {
  if (config.slack === undefined && config.discord === undefined) {
    throw new UserError('There is no token, so there is no platform to serve.', {
      hint: 'Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or DISCORD_TOKEN; or try `netdelta console`, which needs none.',
    });
  }
  const stopped = untilSignal();
  const log = createProgramLog(config.logLevel ?? 'info');
  const app = await createApp(config, { log });
  for (const remark of app.remarks) io.stderr(remark);
  const signal = await stopped;
  log.info({ signal }, 'stopping');
  await app.stop();
  return EXIT.ok;
}
