import { Redis } from 'ioredis';
import type { Session } from '../e2e/console-session.ts';
import { nmapsOf } from '../e2e/processes.ts';
import type { FakeSlack } from '../fakes/slack/fake-slack.ts';
import type { DatabaseServer } from '../servers/database-server.ts';
import { pause } from '../servers/server-process.ts';

export type Scene = {
  session: Session;
  slack: FakeSlack;
  redis: { url: string; pid(): number };
  server?: DatabaseServer;
};

/** What breaks, and whether the bot has to be started again after it. */
export type Fault = { name: string; kills: boolean; needsServer?: true; strike(scene: Scene): Promise<void> };

const FROZEN_MS = 3_000;

async function ask(url: string, work: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true });
  redis.on('error', () => undefined);
  try {
    await work(redis);
  } finally {
    redis.disconnect();
  }
}

export const FAULTS: readonly Fault[] = [
  { name: 'bot killed', kills: true, strike: async ({ session }) => void (await session.kill('SIGKILL')) },
  { name: 'bot ended', kills: true, strike: async ({ session }) => void (await session.kill('SIGTERM')) },
  {
    name: 'nmap killed',
    kills: false,
    strike: async ({ session }) => {
      for (const pid of nmapsOf(session.child.pid)) process.kill(pid, 'SIGKILL');
    },
  },
  { name: 'Redis emptied', kills: false, strike: ({ redis }) => ask(redis.url, (client) => client.flushall()) },
  {
    name: 'Redis frozen',
    kills: false,
    strike: async ({ redis }) => {
      process.kill(redis.pid(), 'SIGSTOP');
      await pause(FROZEN_MS);
      process.kill(redis.pid(), 'SIGCONT');
    },
  },
  {
    name: 'Redis connections cut',
    kills: false,
    strike: ({ redis }) => ask(redis.url, (client) => client.call('CLIENT', 'KILL', 'TYPE', 'normal')),
  },
  {
    name: 'bot killed, Redis emptied',
    kills: true,
    strike: async ({ session, redis }) => {
      await session.kill('SIGKILL');
      await ask(redis.url, (client) => client.flushall());
    },
  },
  {
    name: 'Slack answers 500',
    kills: false,
    strike: async ({ slack }) =>
      void slack.faults.add({ fault: { kind: 'error', status: 500 }, method: 'chat.postMessage', times: 2 }),
  },
  {
    name: 'Slack answers 429',
    kills: false,
    strike: async ({ slack }) =>
      void slack.faults.add({ fault: { kind: 'rate-limited', seconds: 1 }, method: 'chat.postMessage', times: 2 }),
  },
  {
    name: 'Slack accepts, then drops',
    kills: false,
    strike: async ({ slack }) =>
      void slack.faults.add({ fault: { kind: 'accept-then-drop' }, method: 'chat.postMessage', times: 1 }),
  },
  {
    name: 'database connections cut',
    kills: false,
    needsServer: true,
    strike: async ({ server }) => server?.cutConnections(),
  },
  {
    name: 'database restarted',
    kills: false,
    needsServer: true,
    strike: async ({ server }) => {
      await server?.kill();
      await server?.start();
    },
  },
];
