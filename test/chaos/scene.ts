import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createListener, type Listener } from '../e2e/listener.ts';
import { type FakeDiscord, startFakeDiscord } from '../fakes/discord/fake-discord.ts';
import type { FakeUser } from '../fakes/discord/world.ts';
import { type FakeSlack, startFakeSlack } from '../fakes/slack/fake-slack.ts';
import { createClock, type FakeClock } from './clock.ts';
import type { Databases } from './databases.ts';
import type { Plan } from './plan.ts';
import { type Program, program } from './programs.ts';
import { ownRedis, privateRedis, type QueueServer } from './redis.ts';
import { createRoom, type Room } from './room.ts';

/** Everything that a round uses. */
export type Scene = {
  room: Room;
  dataDirs: readonly string[];
  temporary: string;
  slack: FakeSlack;
  discord: FakeDiscord;
  alice: FakeUser;
  /** Services that open in the course of the round. */
  first: Listener;
  second: Listener;
  databases: Databases;
  databaseUrl: string;
  redis: QueueServer;
  bots: readonly Program[];
  worker?: Program;
  clock?: FakeClock;
  close(): Promise<void>;
};

const ROOM_MB = 96;
/** What bots and workers of a round share. */
const SECRET = 'only-for-a-round-0123456789abcdef0123456789';

export const SITE = 'dmz';

export async function openScene(plan: Plan, databases: Databases): Promise<Scene> {
  const room = createRoom('chaos', ROOM_MB);
  const closing: (() => unknown)[] = [() => room.remove()];
  const close = async () => {
    for (const one of closing.splice(0).reverse()) await one();
  };
  try {
    const dataDirs = Array.from({ length: plan.bots }, (_, index) => join(room.directory, `bot-${index + 1}`));
    for (const directory of dataDirs) mkdirSync(directory, { mode: 0o700 });
    const temporary = join(room.directory, 'temporary');
    mkdirSync(temporary);
    const [slack, discord] = [await startFakeSlack(), await startFakeDiscord()];
    closing.push(
      () => slack.close(),
      () => discord.close(),
    );
    const [first, second] = [await createListener(), await createListener()];
    for (const listener of [first, second]) closing.push(() => listener.close().catch(() => undefined));
    const [home = ''] = dataDirs;
    const redis = plan.privateRedis ? privateRedis(home) : await ownRedis(room.directory);
    closing.push(() => redis.server?.kill());
    // A bot that was killed leaves its private one to the next.
    closing.push(() => plan.privateRedis && redis.pid() > 0 && process.kill(redis.pid(), 'SIGKILL'));
    const created = await databases.create();
    if (created !== undefined) closing.push(() => databases.drop(created).catch(() => undefined));
    const databaseUrl = created ?? `sqlite:${join(home, 'netdelta.sqlite')}`;
    const alice = discord.addUser('alice');
    const clock = plan.setsClock ? createClock(room.directory) : undefined;
    const env = {
      ...{ ...redis.env, ...clock?.env, TMPDIR: temporary, LOG_LEVEL: 'info', DATABASE_URL: databaseUrl },
      ...{ NETDELTA_WORKER_SECRET: SECRET, NETDELTA_CHANNEL: 'slack:C0ALERTS', NETDELTA_CONFIRM_DELAYS: '1s' },
      ...{ SLACK_BOT_TOKEN: slack.tokens.bot, SLACK_APP_TOKEN: slack.tokens.app, SLACK_API_URL: slack.apiUrl },
      ...{ DISCORD_TOKEN: discord.world.token, DISCORD_GUILD_ID: discord.guild.id, DISCORD_API_URL: discord.apiUrl },
      NETDELTA_ADMINS: `slack:U0ALICE,discord:${alice.id}`,
    };
    const bots = dataDirs.map((dataDir) => program(['bot'], { dataDir, env }));
    const worker = plan.worker ? program(['worker', '--site', SITE], { dataDir: home, env }) : undefined;
    for (const one of [...bots, ...(worker === undefined ? [] : [worker])])
      closing.push(() => one.isUp() && one.end('SIGKILL'));
    return {
      ...{
        room,
        dataDirs,
        temporary,
        slack,
        discord,
        alice,
        first,
        second,
        databases,
        databaseUrl,
        redis,
        bots,
        close,
      },
      ...(worker === undefined ? {} : { worker }),
      ...(clock === undefined ? {} : { clock }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}
