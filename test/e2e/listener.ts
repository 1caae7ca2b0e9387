import { createServer, type Socket } from 'node:net';
import { freePort } from '../free-ports.ts';

export type Listener = { port: number; open(): Promise<void>; close(): Promise<void> };

/** A port of loopback that greets each connection; closed at first. */
export async function createListener(): Promise<Listener> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.end('hello\r\n');
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    });
  const port = await freePort();
  return { port, open: () => listen(port), close };
}
