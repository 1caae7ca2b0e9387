import type { Logger } from 'pino';
import { DataDirTaken } from '../../adapters/redis/data-lock.ts';
import { type App, createApp } from '../app.ts';
import type { Config } from '../config.ts';
import type { Chat } from '../ports/chat.ts';
import { visit } from './door.ts';

/** What a console needs from the bot, in this process or in another. */
export type ConsoleApp = Pick<App, 'dispatcher' | 'remarks' | 'waitForScan' | 'drain' | 'stop'> & {
  /** Resolves when the bot ends before the console does. */
  botEnded: Promise<void>;
};

/** The bot of the data directory with this screen as its console: started here, or already running. */
export async function openConsoleApp(config: Config, log: Logger, screen: Chat): Promise<ConsoleApp> {
  try {
    return { ...(await createApp(config, { log, consoleChat: screen })), botEnded: new Promise(() => undefined) };
  } catch (error) {
    if (!(error instanceof DataDirTaken)) throw error;
    const bot = await visit(config.dataDir, screen);
    if (bot === undefined) throw error;
    let left = false;
    return {
      dispatcher: bot.dispatcher,
      remarks: [`NetDelta runs here already (process ${bot.pid}): this is one more console of it.`],
      waitForScan: bot.waitForScan,
      drain: bot.drain,
      async stop() {
        left = true;
        await bot.close();
      },
      botEnded: new Promise((resolve) => {
        void bot.ended.then(() => left || resolve());
      }),
    };
  }
}
