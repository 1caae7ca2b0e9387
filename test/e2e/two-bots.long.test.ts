import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Databases, openDatabases } from '../chaos/databases.ts';
import { acknowledgeInSlack, ask, isAcknowledged } from '../chaos/people.ts';
import { openScene, type Scene } from '../chaos/scene.ts';
import { alertsInDiscord, alertsInSlack } from '../chaos/told.ts';
import { until, untilIt, untilStored, withStore } from '../chaos/waiting.ts';
import { serverObstacle } from '../servers/database-server.ts';
import { nmapsOf } from './processes.ts';

const obstacle = serverObstacle('PostgreSQL');
const MINUTE = 60_000;
const PAGE = { limit: 20, offset: 0 };

describe.skipIf(obstacle !== undefined)('two bots on one PostgreSQL and one Redis', () => {
  let databases: Databases;
  let scene: Scene;
  beforeEach(async () => {
    databases = await openDatabases('postgres');
    const plan = { seed: 0, engine: 'postgres', faults: [], delayMs: 0, gapMs: 0, clickMs: 0 } as const;
    scene = await openScene({ ...plan, bots: 2, worker: false, privateRedis: false, setsClock: false }, databases);
  });
  afterEach(async () => {
    await scene.close();
    await databases.close();
  });

  it('start at once on an empty database; when one is killed the other finishes its scan and runs its schedule, each once', async () => {
    const { slack, discord, first, second, bots, databaseUrl } = scene;
    for (const bot of bots) bot.start();
    await until(() => slack.sockets.connected() === 2, 'both bots');
    const group = `lab 127.0.0.1 ports:${first.port},${second.port},1-200 profile:quick max-rate:70`;
    await ask(scene, `group add ${group}`, async ({ groups }) => (await groups.list()).length === 1);
    await ask(
      scene,
      `alert route lab to:discord:${discord.channel.id}`,
      async ({ groups }) => (await groups.routes(1)).length > 0,
    );
    await ask(scene, 'scan now lab', async ({ scans }) => (await scans.byId(1))?.status === 'done');
    await ask(scene, 'schedule add lab every 1m', async ({ schedules }) => (await schedules.list()).length === 1);
    await first.open();
    await ask(scene, 'scan now lab', async ({ scans }) => (await scans.byId(2)) !== undefined);
    const at = () => bots.find((bot) => nmapsOf(bot.pid()).length > 0);
    await until(() => at() !== undefined, 'nmap');
    await at()?.end('SIGKILL');
    await withStore(databaseUrl, ({ schedules }) =>
      schedules.edit(1, { when: { type: 'every', ms: MINUTE, anchor: Date.now() - 10 * MINUTE + 1_000 } }),
    );

    await untilStored(
      databaseUrl,
      async ({ scans }) => (await scans.byId(2))?.status === 'done',
      'the end of the scan',
    );
    await until(() => alertsInSlack(slack, first.port).length > 0, 'the alert in Slack');
    await until(() => alertsInDiscord(discord, first.port).length > 0, 'the alert in Discord');
    await untilIt(() => acknowledgeInSlack(scene), 'an answer to the click');
    const scheduled = () =>
      withStore(databaseUrl, async ({ scans }) => {
        const { items } = await scans.list({ kind: 'scan', statuses: ['done'] }, PAGE);
        return items.flatMap(({ origin }) => (origin.type === 'schedule' ? [origin.dueAt] : []));
      });
    await untilIt(async () => (await scheduled()).length > 0, 'the scheduled scan');
    const dues = await scheduled();
    expect(new Set(dues).size).toBe(dues.length);
    const alerts = alertsInSlack(slack, first.port);
    expect(alerts).toHaveLength(1);
    expect(alertsInDiscord(discord, first.port)).toHaveLength(1);
    await until(() => alerts.every((alert) => isAcknowledged(slack.textOf(alert))), 'the edit');
    for (const bot of bots.filter((one) => one.isUp())) expect((await bot.end('SIGTERM')).code).toBe(0);
  }, 300_000);
});
