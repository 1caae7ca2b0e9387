/**
 * Runs in the namespace of the lab's hosts: one process that is every service of every host. Usage: banner-server
 * ADDRESS. Prints `ready`, and ends when its standard input does, so that it never outlives its lab.
 */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { SERVICE_KINDS, UDP_PORT } from './services.ts';

const [address] = process.argv.slice(2);
const IDLE_MS = 60_000;

function listen(kind: { port: number; banner: string; answer?: string; closes?: boolean }): Promise<void> {
  const server = createServer((socket) => {
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    if (kind.banner !== '') socket.write(kind.banner, 'latin1');
    const { answer, closes } = kind;
    if (closes === true) socket.end();
    if (answer === undefined) socket.resume();
    else socket.on('data', () => socket.end(answer, 'latin1'));
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen({ host: address, port: kind.port, backlog: 4096 }, resolve);
  });
}

function listenUdp(): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => socket.send(message.length === 0 ? 'lab' : message, from.port, from.address));
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.bind(UDP_PORT, address, resolve);
  });
}

process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
await Promise.all([...Object.values(SERVICE_KINDS).map(listen), listenUdp()]);
process.stdout.write('ready\n');
