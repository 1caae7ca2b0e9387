import type { Store } from '../../src/ports/store.ts';
import { answersOf, settled } from '../fakes/discord/interaction.ts';
import type { Scene } from './scene.ts';
import { alertsInDiscord, alertsInSlack } from './told.ts';
import { until, untilStored } from './waiting.ts';

const ASKED_AGAIN_AFTER_MS = 30_000;
const ASKED = 5;
const ALICE = 'U0ALICE';

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

/**
 * Whether the click was accepted: from then on it is a promise. A click that was refused because nothing could be stored
 * promises nothing. An alert that somebody deleted in Slack is answered in Discord.
 */
export async function acknowledgeInSlack(scene: Scene): Promise<boolean> {
  const { slack, first } = scene;
  const [alert] = alertsInSlack(slack, first.port);
  if (alert === undefined) return acknowledgeInDiscord(scene, first);
  if (isAcknowledged(slack.textOf(alert))) return true;
  const refusals = () => slack.ephemeralsOf(ALICE).length;
  const before = refusals();
  const hasAnswer = await slack.click(alert, 'Acknowledge').then(
    () => true,
    () => false,
  );
  if (!hasAnswer) return false;
  const isTaken = () => alertsInSlack(slack, first.port).every((one) => isAcknowledged(slack.textOf(one)));
  await until(() => isTaken() || refusals() > before, 'what came of the click in Slack');
  return isTaken();
}

export async function acknowledgeInDiscord({ discord, alice }: Scene, { port }: { port: number }): Promise<boolean> {
  const [alert] = alertsInDiscord(discord, port);
  if (alert === undefined) return false;
  if (isAcknowledged(discord.see(alert).text)) return true;
  const clicked = discord.click(alert, 'Acknowledge', { user: alice, channel: discord.channel });
  const refused = await clicked.then(settled).then(
    (interaction) => answersOf(interaction).length > 0,
    () => true,
  );
  return !refused;
}

export const isAcknowledged = (text: string): boolean => /acknowledged by/i.test(text);
