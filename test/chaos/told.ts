import type { FakeDiscord } from '../fakes/discord/fake-discord.ts';
import type { FakeMessage } from '../fakes/discord/world.ts';
import type { FakeSlack } from '../fakes/slack/fake-slack.ts';
import type { StoredMessage } from '../fakes/slack/workspace.ts';

/** What reports that this port opened: neither a scan's own message nor an answer to a command. */
const isAlert = (text: string, port: number): boolean =>
  text.includes(`${port}/tcp opened on`) && !/: scan #\d+ /.test(text);

/** Everywhere in the channel, including its threads. */
export function alertsInSlack(slack: FakeSlack, port: number): StoredMessage[] {
  return slack.workspace.messages.filter((one) => one.channel === 'C0ALERTS' && isAlert(slack.textOf(one), port));
}

export function alertsInDiscord(discord: FakeDiscord, port: number): FakeMessage[] {
  return [...discord.world.channels.values()]
    .flatMap(({ messages }) => messages)
    .filter((one) => isAlert(discord.see(one).text, port));
}
