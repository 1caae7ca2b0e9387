import { join } from 'node:path';
import { probe } from '../../adapters/redis/probe.ts';
import { type ServerProcess, serverProcess } from './server-process.ts';

/** A redis-server on a socket in the directory, where NetDelta's own, which keeps and guards it, is not under test. */
export async function startRedisServer(directory: string): Promise<ServerProcess & { socket: string }> {
  const socket = join(directory, 'redis.sock');
  const options = ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', directory];
  const server = serverProcess({
    ...{ command: 'redis-server', args: options, stopSignal: 'SIGTERM', account: 'root' },
    answers: async () => {
      const state = await probe(socket);
      if (state !== 'ready') throw new Error(`Redis is ${state}`);
    },
  });
  await server.start();
  return { ...server, socket };
}
