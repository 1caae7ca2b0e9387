import type { Logger } from 'pino';
import type { Dispatcher } from '../commands/dispatcher.ts';
import { commandDescriptions } from '../commands/grammar/all-commands.ts';
import type { Config } from '../config.ts';
import type { ChannelRef } from '../core/model/principal.ts';
import { idOf, neededFor, platform, platformOf } from '../core/platforms.ts';
import type { Chat } from '../ports/chat.ts';
import type { Sink } from '../ports/sink.ts';
import { CONSOLE_CHANNEL } from './channels.ts';
import { type Platform, supervise } from './platforms.ts';

export type PlatformOptions = {
  config: Config;
  dispatcher: Dispatcher;
  log: Logger;
  chats: Map<string, Chat>;
  sinks: ReadonlyMap<string, Sink>;
  /** Channels that groups use, on all platforms. */
  channels(): Promise<readonly ChannelRef[]>;
  wake(): void;
  /** If several bots share one token, one of them answers each interaction. */
  claimInteraction(id: string): Promise<boolean>;
  onAdminNotice(text: string): void;
  /** A request that claimed to be from the platform and was not. */
  onRejected(platform: string, from: string, why?: string): void;
};

export type Platforms = {
  started: Promise<unknown>;
  /** What keeps the bot from posting there, each with how to fix it. */
  checkChannel(channel: ChannelRef): Promise<readonly string[]>;
  stop(): Promise<void>;
};

type Check = (channels: readonly ChannelRef[]) => Promise<readonly string[]>;
type Checked = Platform & { check: Check };

/**
 * Starts Slack and Discord, each if it has a token, independently of each other. Without a token its library, which
 * takes half a second to load, is not loaded.
 */
export function startPlatforms(options: PlatformOptions): Platforms {
  const checks = new Map<string, Check>();
  const running = creators(options).map(({ name, create }) => {
    const up = async (platform: Checked) => {
      checks.set(name, platform.check);
      options.chats.set(name, platform.chat);
      options.wake();
      const used = (await options.channels()).filter((channel) => channel.startsWith(`${name}:`));
      for (const problem of await platform.check(used)) options.onAdminNotice(problem);
    };
    return supervise({
      name,
      create,
      log: options.log,
      onUp: (platform) =>
        void up(platform).catch((error: unknown) => options.log.warn({ err: error }, 'channels not checked')),
      onDown: () => void options.chats.delete(name),
    });
  });
  return {
    started: Promise.all(running.map((platform) => platform.started)),
    checkChannel: async (channel) => {
      const name = platformOf(channel) ?? '';
      const sink = options.sinks.get(name);
      if (sink !== undefined) return await sink.check(idOf(channel));
      return (await checks.get(name)?.([channel])) ?? notConnected(channel, options.config);
    },
    stop: async () => {
      await Promise.all(running.map((platform) => platform.stop()));
    },
  };
}

/**
 * Messages to a platform that is not connected wait, which is reported at once. The console connects when somebody
 * opens it.
 */
function notConnected(channel: ChannelRef, config: Config): string[] {
  const name = platformOf(channel);
  if (name === undefined || channel === CONSOLE_CHANNEL) return [];
  if (name === 'console') return [`The console’s own channel is ${CONSOLE_CHANNEL}; ${channel} is another one.`];
  const { label } = platform(name);
  const needs = neededFor(name, idOf(channel));
  const isConfigured = (name === 'slack' || name === 'discord') && config[name] !== undefined;
  return isConfigured
    ? [`NetDelta is not connected to ${label} just now; what goes there waits.`]
    : [`NetDelta is not connected to ${label}: set ${needs} and restart.`];
}

function creators(options: PlatformOptions): { name: string; create(): Promise<Checked> }[] {
  const { slack, discord } = options.config;
  return [
    ...(slack === undefined ? [] : [{ name: 'slack', create: () => slackPlatform(options, slack) }]),
    ...(discord === undefined ? [] : [{ name: 'discord', create: () => discordPlatform(options, discord) }]),
  ];
}

async function slackPlatform(options: PlatformOptions, config: NonNullable<Config['slack']>): Promise<Checked> {
  const { dispatcher, log, onAdminNotice } = options;
  const onRejected = (from: string, why?: string) => options.onRejected('slack', from, why);
  const { createSlack } = await import('../../adapters/slack/slack.ts');
  const slack = await createSlack({ config, dispatcher, log, onAdminNotice, onRejected });
  // Slack has no question "may I post there?" that is cheaper than posting: a refusal shows in `delivery list`.
  return { ...slack, check: async () => [] };
}

async function discordPlatform(options: PlatformOptions, config: NonNullable<Config['discord']>): Promise<Checked> {
  const { dispatcher, log, onAdminNotice } = options;
  const claim = options.claimInteraction;
  const { createDiscord } = await import('../../adapters/discord/discord.ts');
  const discord = await createDiscord({
    ...{ config, dispatcher, definitions: commandDescriptions, log, onAdminNotice, claim },
    onRejected: (from, why) => options.onRejected('discord', from, why),
  });
  return {
    chat: discord.chat,
    start: async () => {
      await discord.start();
      log.info({ invite: discord.inviteLink() }, 'Discord is connected; the link invites the bot with what it needs');
    },
    stop: discord.stop,
    check: async (channels) => (await discord.check(channels)).problems.map(({ what, fix }) => `${what}. ${fix}`),
  };
}
