import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScanStatus } from '../../src/core/model/scan.ts';
import type { Store } from '../../src/ports/store.ts';
import { pause } from '../servers/server-process.ts';
import type { Databases, Engine } from './databases.ts';
import { acknowledgeInDiscord, acknowledgeInSlack, ask } from './people.ts';
import { nameOf, type Plan, planOf } from './plan.ts';
import { openScene, type Scene, SITE } from './scene.ts';
import { alertsInDiscord, alertsInSlack } from './told.ts';
import { endAll, lookedAt } from './verdict.ts';
import { until, untilIt, untilStored, withStore } from './waiting.ts';

export type Outcome = {
  seed: number;
  engine: Engine;
  faults: readonly string[];
  name: string;
  wrong: string[];
  ms: number;
};

const MINUTE = 60_000;
/** From the fault to the scheduled run. */
const DUE_AFTER_MS = 12_000;

/** One round: the faults strike in the middle of a scan that sees a service which has opened since the last. */
export async function playRound(seed: number, databases: Databases, logs?: string): Promise<Outcome> {
  const plan = planOf(seed, databases.engine);
  const from = performance.now();
  const scene = await openScene(plan, databases);
  const wrong = await play(plan, scene)
    .catch((error: unknown) => [error instanceof Error ? error.message.slice(0, 1_000) : String(error)])
    .finally(() => scene.close());
  if (wrong.length > 0 && logs !== undefined) keep(logs, plan, scene, wrong);
  const faults = plan.faults.map(({ name }) => name);
  return {
    ...{ seed, engine: plan.engine, faults, name: nameOf(plan), wrong },
    ms: Math.round(performance.now() - from),
  };
}

/** What a failed round leaves for analysis. */
function keep(logs: string, plan: Plan, { bots, worker, slack, discord }: Scene, wrong: readonly string[]): void {
  const said = [...bots, ...(worker === undefined ? [] : [worker])].map((one) => one.said());
  const heard = [
    ...slack.messagesIn('C0ALERTS').map(slack.textOf),
    ...discord.channel.messages.map((one) => discord.see(one).text),
  ];
  mkdirSync(logs, { recursive: true });
  writeFileSync(
    join(logs, `${plan.engine}-${plan.seed}.log`),
    [nameOf(plan), ...wrong, ...said, ...heard].join('\n\n'),
  );
}

async function play(plan: Plan, scene: Scene): Promise<string[]> {
  await setUp(plan, scene);
  const { slack, discord, first, second, databaseUrl } = scene;
  await first.open();
  await ask(scene, 'scan now lab', hasScans(2));
  await until(() => alertsInSlack(slack, first.port).length > 0, 'the first alert in Slack');
  await until(() => alertsInDiscord(discord, first.port).length > 0, 'the first alert in Discord');
  await ask(scene, 'group edit lab max-rate:70', async ({ groups }) =>
    (await groups.list()).some(({ maxRate }) => maxRate !== undefined),
  );
  await schedule(scene);
  await second.open();
  await ask(scene, 'scan now lab', hasScans(3));
  const clicked = pause(plan.clickMs).then(() => acknowledgeInSlack(scene));
  await pause(plan.delayMs);
  for (const fault of plan.faults) {
    await fault.strike(scene);
    await pause(plan.gapMs);
  }
  const accepted = await clicked;
  await untilStored(databaseUrl, isJudged, 'the end of the interrupted scan');
  await until(() => alertsInSlack(slack, second.port).length > 0, 'the alert in Slack');
  await until(() => alertsInDiscord(discord, second.port).length > 0, 'the alert in Discord');
  if (!accepted) await untilIt(() => acknowledgeInSlack(scene), 'an answer to the click in Slack');
  await untilIt(() => acknowledgeInDiscord(scene, second), 'an answer to the click in Discord');
  await untilStored(databaseUrl, hasRun, 'the scheduled run');
  await untilStored(databaseUrl, async ({ messages }) => (await messages.countPending(0)) === 0, 'the last delivery');
  // A bot that has just been restarted must be up before its end can be judged.
  await until(() => slack.sockets.connected() >= scene.bots.length, 'the start of all bots');
  const wrong = await lookedAt(scene);
  return [...wrong, ...(await endAll(scene))];
}

async function setUp(plan: Plan, scene: Scene): Promise<void> {
  const { slack, discord, first, second, bots, worker } = scene;
  for (const [index, bot] of bots.entries()) {
    bot.start();
    const isConnected = () => slack.sockets.connected() > index && discord.gateway.connected();
    await until(() => isConnected() || !bot.isUp(), 'the start');
    if (!bot.isUp()) throw new Error(`the bot did not start: ${bot.said().slice(-500)}`);
  }
  const site = plan.worker ? ` site:${SITE}` : '';
  const group = `lab 127.0.0.1 ports:${first.port},${second.port},1-200 profile:quick${site}`;
  await ask(scene, `group add ${group}`, async ({ groups }) => (await groups.list()).length > 0);
  worker?.start();
  await ask(
    scene,
    `alert route lab to:discord:${discord.channel.id}`,
    async ({ groups }) => (await groups.routes(1)).length > 0,
  );
  await ask(scene, 'scan now lab', hasScans(1));
  const ended = () => slack.messagesIn('C0ALERTS').some((one) => slack.textOf(one).includes('lab: scan #1 done'));
  await until(ended, 'the first scan');
  for (const one of [...bots, ...(worker === undefined ? [] : [worker])]) one.supervise();
}

/** Every minute, starting after some seconds. */
async function schedule(scene: Scene): Promise<void> {
  await ask(scene, 'schedule add lab every 1m', async ({ schedules }) => (await schedules.list()).length > 0);
  const anchor = Date.now() + DUE_AFTER_MS - 10 * MINUTE;
  await withStore(scene.databaseUrl, async ({ schedules }) => {
    const [added] = await schedules.list();
    if (added === undefined) throw new Error('there is no schedule');
    await schedules.edit(added.id, { when: { type: 'every', ms: MINUTE, anchor } });
  });
}

const PAGE = { limit: 50, offset: 0 };

const hasScans =
  (count: number) =>
  async ({ scans }: Store): Promise<boolean> =>
    (await scans.list({ kind: 'scan' }, PAGE)).total >= count;

/** The verdict judges the result. */
const isOver = (status: ScanStatus): boolean => status !== 'queued' && status !== 'running' && status !== 'judging';

async function isJudged({ scans }: Store): Promise<boolean> {
  const { items } = await scans.list({ kind: 'scan' }, PAGE);
  return items.every(({ origin, status }) => origin.type !== 'command' || isOver(status));
}

/** Everything due has been judged, and nothing in progress could still report something. */
async function hasRun({ scans }: Store): Promise<boolean> {
  const { items } = await scans.list({}, PAGE);
  return items.some(({ origin }) => origin.type === 'schedule') && items.every(({ status }) => isOver(status));
}
