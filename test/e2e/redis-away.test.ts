import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Program, program } from '../chaos/programs.ts';
import { ownRedis, type QueueServer } from '../chaos/redis.ts';
import { until } from '../chaos/waiting.ts';
import { type FakeSlack, startFakeSlack } from '../fakes/slack/fake-slack.ts';

let directory: string;
let redis: QueueServer;
let slack: FakeSlack;
let bot: Program;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'netdelta-away-'));
  slack = await startFakeSlack();
  redis = await ownRedis(directory);
  const { tokens, apiUrl: SLACK_API_URL } = slack;
  const env = {
    LOG_LEVEL: 'info',
    ...redis.env,
    SLACK_BOT_TOKEN: tokens.bot,
    SLACK_APP_TOKEN: tokens.app,
    SLACK_API_URL,
  };
  bot = program(['bot'], { dataDir: join(directory, 'data'), env });
  bot.start();
  await until(() => slack.sockets.connected() > 0, 'the start');
});
afterEach(async () => {
  await bot.end('SIGKILL');
  await redis.server?.kill();
  await slack.close();
  await rm(directory, { recursive: true, force: true });
});

describe('while the Redis of REDIS_URL is away', () => {
  it('SIGTERM still ends the bot', async () => {
    await redis.server?.kill();
    expect((await bot.end('SIGTERM')).code).toBe(0);
  });

  it('frozen, too, and a second SIGTERM ends it at once', async () => {
    process.kill(redis.pid(), 'SIGSTOP');
    const ended = bot.end('SIGTERM');
    // Until the first is received, the second would be the same signal to the kernel.
    await until(() => bot.said().includes('"msg":"stopping"'), 'the first signal');
    expect((await bot.end('SIGTERM')).code).toBe(143);
    await ended;
  });
});
