import { nmapsOf } from '../e2e/processes.ts';
import { pause } from '../servers/server-process.ts';
import { chatFaults } from './chat-faults.ts';
import { databaseFaults } from './database-faults.ts';
import type { Scene } from './scene.ts';

/** What breaks, and is repaired when `strike` resolves, or by itself. */
export type Fault = {
  name: string;
  /** Only with a database server. */
  onServer?: true;
  /** Only with SQLite. */
  onFile?: true;
  /** Only with a Redis that is not the bot's own child. */
  ownRedis?: true;
  twoBots?: true;
  worker?: true;
  setsClock?: true;
  strike(scene: Scene): Promise<void>;
};

/** Long enough for somebody to notice, ms. */
const NOTICED_MS = 1_000;
const FROZEN_MS = 5_000;
const AWAY_MS = 7_000;
const HOURS_2 = 7_200_000;

const [firstBot, lastBot] = [({ bots }: Scene) => bots[0], ({ bots }: Scene) => bots.at(-1)];

function restarted(signal: 'SIGKILL' | 'SIGTERM', which = firstBot): Fault['strike'] {
  return async (scene) => {
    const bot = which(scene);
    await bot?.end(signal);
    await pause(NOTICED_MS);
    bot?.start();
  };
}

const PROCESSES: readonly Fault[] = [
  { name: 'bot killed', strike: restarted('SIGKILL') },
  { name: 'bot ended', strike: restarted('SIGTERM') },
  {
    name: 'one of two bots killed',
    onServer: true,
    twoBots: true,
    ownRedis: true,
    strike: restarted('SIGKILL', lastBot),
  },
  {
    name: 'bot killed at its start',
    async strike(scene) {
      for (const afterMs of [300, 700, 1_100]) {
        await scene.bots[0]?.end('SIGKILL');
        scene.bots[0]?.start();
        await pause(afterMs);
      }
    },
  },
  {
    name: 'bot frozen',
    async strike({ bots }) {
      bots[0]?.signal('SIGSTOP');
      await pause(FROZEN_MS);
      bots[0]?.signal('SIGCONT');
    },
  },
  {
    name: 'worker killed',
    worker: true,
    async strike({ worker }) {
      await worker?.end('SIGKILL');
      await pause(NOTICED_MS);
      worker?.start();
    },
  },
  {
    name: 'nmap killed',
    async strike({ bots, worker }) {
      for (const { pid } of [...bots, ...(worker === undefined ? [] : [worker])])
        for (const nmap of nmapsOf(pid())) process.kill(nmap, 'SIGKILL');
    },
  },
];

const REDIS: readonly Fault[] = [
  {
    name: 'Redis killed',
    async strike({ redis }) {
      const pid = redis.pid();
      if (pid > 0) process.kill(pid, 'SIGKILL');
      await pause(NOTICED_MS);
      await redis.server?.start();
    },
  },
  {
    name: 'Redis away',
    ownRedis: true,
    async strike({ redis }) {
      await redis.server?.stop();
      await pause(AWAY_MS);
      await redis.server?.start();
    },
  },
  { name: 'Redis emptied', strike: ({ redis }) => redis.ask((client) => client.flushall()) },
  {
    name: 'Redis frozen',
    async strike({ redis }) {
      const pid = redis.pid();
      if (pid > 0) process.kill(pid, 'SIGSTOP');
      await pause(FROZEN_MS);
      if (pid > 0) process.kill(pid, 'SIGCONT');
    },
  },
  {
    name: 'Redis connections cut',
    strike: ({ redis }) => redis.ask((client) => client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')),
  },
  {
    name: 'bot killed, Redis emptied meanwhile',
    ownRedis: true,
    async strike({ bots, redis }) {
      await bots[0]?.end('SIGKILL');
      await redis.ask((client) => client.flushall());
      bots[0]?.start();
    },
  },
];

const CLOCK: readonly Fault[] = [
  {
    name: 'clock set forward 2 h',
    setsClock: true,
    strike: async ({ clock }) => clock?.set(clock.offsetMs() + HOURS_2),
  },
  { name: 'clock set back 2 h', setsClock: true, strike: async ({ clock }) => clock?.set(clock.offsetMs() - HOURS_2) },
];

export const FAULTS: readonly Fault[] = [...PROCESSES, ...REDIS, ...databaseFaults(AWAY_MS), ...chatFaults(), ...CLOCK];
