import type { Store } from '../../src/ports/store.ts';
import { settled } from '../fakes/discord/interaction.ts';
import type { Scene } from './scene.ts';
import { alertsInDiscord, alertsInSlack } from './told.ts';
import { untilStored } from './waiting.ts';

const ASKED_AGAIN_AFTER_MS = 30_000;
const ASKED = 5;

/** Types a command in Slack, and once more when nothing came of it: a busy machine may miss Slack's three seconds. */
export async function ask(scene: Scene, command: string, done: (store: Store) => Promise<boolean>): Promise<void> {
  for (let asked = 1; asked <= ASKED; asked++) {
    await scene.slack.command(`/netdelta ${command}`).catch(() => undefined);
    const isDone = await untilStored(scene.databaseUrl, done, command, ASKED_AGAIN_AFTER_MS).then(
      () => true,
      () => false,
    );
    if (isDone) return;
  }
  throw new Error(`nothing came of ${command}`);
}

/** Whether Slack had its answer: from then on it is a promise. */
export async function acknowledgeInSlack({ slack, first }: Scene): Promise<boolean> {
  const [alert] = alertsInSlack(slack, first.port);
  if (alert === undefined || isAcknowledged(slack.textOf(alert))) return true;
  return slack.click(alert, 'Acknowledge').then(
    () => true,
    () => false,
  );
}

export async function acknowledgeInDiscord({ discord, alice, second }: Scene): Promise<boolean> {
  const [alert] = alertsInDiscord(discord, second.port);
  if (alert === undefined) return false;
  if (isAcknowledged(discord.see(alert).text)) return true;
  const clicked = discord.click(alert, 'Acknowledge', { user: alice, channel: discord.channel });
  return clicked.then(settled).then(
    () => true,
    () => false,
  );
}

export const isAcknowledged = (text: string): boolean => /acknowledged by/i.test(text);
