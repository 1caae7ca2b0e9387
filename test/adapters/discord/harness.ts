import { createDiscord, type Discord, type DiscordConfig } from '../../../adapters/discord/discord.ts';
import type { CommandDescription } from '../../../src/commands/definition.ts';
import type { Dispatcher } from '../../../src/commands/dispatcher.ts';
import type { Log } from '../../../src/ports/log.ts';
import { type FakeDiscord, startFakeDiscord } from '../../fakes/discord/fake-discord.ts';
import { recordingDispatcher, SOME_COMMANDS } from './some-commands.ts';

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

export type Bench = {
  fake: FakeDiscord;
  discord: Discord;
  notices: string[];
  close(): Promise<void>;
};

/** A real adapter before a local Discord; `start` it where the gateway is needed. */
export async function openBench(
  options: {
    config?: Partial<DiscordConfig>;
    dispatcher?: Dispatcher;
    definitions?: readonly CommandDescription[];
    fake?: FakeDiscord;
    log?: Log;
  } = {},
): Promise<Bench> {
  const fake = options.fake ?? (await startFakeDiscord());
  const notices: string[] = [];
  const discord = await createDiscord({
    config: { token: fake.world.token, guildId: fake.guild.id, apiUrl: fake.apiUrl, ...options.config },
    dispatcher: options.dispatcher ?? recordingDispatcher().dispatcher,
    definitions: options.definitions ?? SOME_COMMANDS,
    log: options.log ?? silent,
    onAdminNotice: (text) => notices.push(text),
  });
  return {
    fake,
    discord,
    notices,
    async close() {
      await discord.stop();
      if (options.fake === undefined) await fake.close();
    },
  };
}
