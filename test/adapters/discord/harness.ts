import { createDiscord, type Discord } from '../../../adapters/discord/discord.ts';
import type { Dispatcher } from '../../../src/commands/dispatcher.ts';
import type { CommandDescription } from '../../../src/commands/grammar/command-description.ts';
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

/** A real adapter in front of a local Discord; `start` it where the gateway is needed. */
export async function openBench(
  options: {
    /** In every server that the bot is in, instead of one. */
    everywhere?: boolean;
    token?: string;
    dispatcher?: Dispatcher;
    definitions?: readonly CommandDescription[];
    fake?: FakeDiscord;
    log?: Log;
    claim?: (id: string) => Promise<boolean>;
  } = {},
): Promise<Bench> {
  const fake = options.fake ?? (await startFakeDiscord());
  const notices: string[] = [];
  const discord = await createDiscord({
    config: {
      token: options.token ?? fake.world.token,
      apiUrl: fake.apiUrl,
      ...(options.everywhere === true ? {} : { guildId: fake.guild.id }),
    },
    dispatcher: options.dispatcher ?? recordingDispatcher().dispatcher,
    definitions: options.definitions ?? SOME_COMMANDS,
    log: options.log ?? silent,
    onAdminNotice: (text) => notices.push(text),
    ...(options.claim === undefined ? {} : { claim: options.claim }),
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
