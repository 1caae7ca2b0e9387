import { mkdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { redisOf } from '../e2e/processes.ts';
import { freePort } from '../free-ports.ts';
import { type ServerProcess, serverProcess } from '../servers/server-process.ts';

/**
 * The queue's server: one of its own, which the round starts and ends, or the bot's private one in its data directory.
 */
export type QueueServer = {
  env: Record<string, string>;
  pid(): number;
  server?: ServerProcess;
  ask(work: (redis: Redis) => Promise<unknown>): Promise<void>;
};

export async function ownRedis(directory: string): Promise<QueueServer> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const files = join(directory, 'redis');
  mkdirSync(files);
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'yes'];
  const server = serverProcess({
    ...{ command: 'redis-server', args: [...args, '--maxmemory-policy', 'noeviction', '--dir', files] },
    ...{ stopSignal: 'SIGTERM', account: 'root', answers: () => connects(port) },
  });
  await server.start();
  return {
    env: { REDIS_URL: url },
    pid: server.pid,
    server,
    ask: (work) => asking(new Redis(url, { lazyConnect: true }), work),
  };
}

export function privateRedis(dataDir: string): QueueServer {
  return {
    env: {},
    pid: () => redisOf(dataDir)[0] ?? 0,
    ask: (work) => asking(new Redis({ path: join(dataDir, 'redis', 'redis.sock'), lazyConnect: true }), work),
  };
}

async function asking(redis: Redis, work: (redis: Redis) => Promise<unknown>): Promise<void> {
  redis.on('error', () => undefined);
  try {
    await work(redis);
  } finally {
    redis.disconnect();
  }
}

function connects(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
