import type { Logger } from 'pino';
import { createDiscord } from '../../adapters/discord/discord.ts';
import { createSlack } from '../../adapters/slack/slack.ts';
import { commandDescriptions } from '../commands/definitions.ts';
import type { Dispatcher } from '../commands/dispatcher.ts';
import type { Config } from '../config.ts';
import type { Chat } from '../ports/chat.ts';
import { supervise } from './platforms.ts';

/** Slack and Discord, each where it has a token, each on its own feet. */
export function startPlatforms(options: {
  config: Config;
  dispatcher: Dispatcher;
  log: Logger;
  chats: Map<string, Chat>;
  wake(): void;
  onAdminNotice(text: string): void;
}): { started: Promise<unknown>; stop(): Promise<void> } {
  const { config, dispatcher, log, chats, onAdminNotice } = options;
  const { slack, discord } = config;
  const running = [
    ...(slack === undefined
      ? []
      : [{ name: 'slack', create: () => createSlack({ config: slack, dispatcher, log, onAdminNotice }) }]),
    ...(discord === undefined
      ? []
      : [
          {
            name: 'discord',
            create: () =>
              createDiscord({ config: discord, dispatcher, definitions: commandDescriptions, log, onAdminNotice }),
          },
        ]),
  ].map(({ name, create }) =>
    supervise({
      name,
      create,
      log,
      onUp: (chat) => {
        chats.set(name, chat);
        options.wake();
      },
      onDown: () => void chats.delete(name),
    }),
  );
  return {
    started: Promise.all(running.map((platform) => platform.started)),
    stop: async () => {
      await Promise.all(running.map((platform) => platform.stop()));
    },
  };
}
