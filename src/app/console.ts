import { join } from 'node:path';
import { createConsoleChat } from '../../adapters/console/console-chat.ts';
import { runConsole } from '../../adapters/console/run-console.ts';
import type { Config } from '../config.ts';
import type { Principal } from '../core/model/principal.ts';
import type { Chat } from '../ports/chat.ts';
import type { ConsoleApp } from './console-app.ts';
import { userName } from './door.ts';

/** This terminal as a chat platform. Anyone who may start NetDelta here is its admin. */
export function createConsole(config: Config, json: boolean): { chat: Chat; run(app: ConsoleApp): Promise<number> } {
  const principal: Principal = { key: 'console:local', platform: 'console', name: userName(), memberships: [] };
  const screen = createConsoleChat({
    out: process.stdout,
    json,
    isTTY: process.stdout.isTTY === true,
    columns: () => process.stdout.columns ?? 80,
    noColor: config.noColor,
    filesDir: join(config.dataDir, 'files'),
    numbersFile: join(config.dataDir, 'console-buttons'),
  });
  return {
    chat: screen.chat,
    run: (app) =>
      runConsole({
        screen,
        dispatcher: app.dispatcher,
        input: process.stdin,
        json,
        principal,
        waitForScan: app.waitForScan,
        drain: app.drain,
      }),
  };
}
