import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmailSink } from '../../adapters/email/email-sink.ts';
import { createSyslogSink } from '../../adapters/syslog/syslog-sink.ts';
import { createWebhookSink } from '../../adapters/webhook/webhook-sink.ts';
import type { Sink } from '../../src/ports/sink.ts';
import { certificates, drawNothing, OPENED } from './sink-samples.ts';

const DRIP_MS = 5;
/** This many bytes show that the dripping keeps the sender busy. */
const ENOUGH = 5;

let server: Server;
let sockets: Set<Socket>;
let dripped: number;

beforeEach(() => {
  sockets = new Set();
  dripped = 0;
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

/** A byte now and then, as long as somebody listens, so that no time-out for silence fires. */
function drip(socket: Socket, byte: string): void {
  const timer = setInterval(() => {
    socket.write(byte);
    dripped += 1;
  }, DRIP_MS);
  socket.on('close', () => clearInterval(timer));
}

async function listen(made: Server): Promise<number> {
  server = made;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Behaves like a mail server until the mail is there, and then begins a reply without end. */
function talkUntilMail(socket: Socket): void {
  let isMail = false;
  socket.write('220 drip ESMTP\r\n');
  socket.on('data', (part) => {
    for (const line of part.toString().split('\r\n').slice(0, -1)) {
      if (isMail && line === '.') drip(socket, '2');
      else if (line === 'DATA') socket.write('354 go on\r\n');
      else if (!isMail) socket.write('250 fine\r\n');
      isMail ||= line === 'DATA';
    }
  });
}

/** A ServerHello of 16 kB that never arrives completely. */
function greetSlowly(socket: Socket): void {
  socket.write(Buffer.from([0x16, 3, 3, 0x3f, 0xff, 2, 0, 0x3f, 0xfb, 3]));
  drip(socket, '\u0003');
}

const endless = (byte: string) => (socket: Socket) => drip(socket, byte);
const email = (port: number) =>
  createEmailSink({ url: `smtp://127.0.0.1:${port}`, from: 'netdelta@example.com' }, drawNothing);
const webhook = (port: number) => {
  const hooks = { pager: { url: `http://127.0.0.1:${port}/` } };
  return createWebhookSink({ hooks, allowPrivate: true }, { now: () => 0 });
};
const syslog = (protocol: 'tcp' | 'tls', ca?: string) => (port: number) => {
  const address = { protocol, host: 'localhost', port, ...(ca === undefined ? {} : { ca }) };
  return createSyslogSink({ address, format: 'json' });
};
const tls = certificates();
const keys = { key: tls.key, cert: tls.cert };

const SLOW: readonly { name: string; make(): Server; sink(port: number): Sink; place: string }[] = [
  { name: 'greeting of a mail server', make: () => createServer(endless('2')), sink: email, place: 'noc@example.com' },
  { name: 'answer to a mail', make: () => createServer(talkUntilMail), sink: email, place: 'noc@example.com' },
  { name: 'log server by TCP', make: () => createServer(endless('x')), sink: syslog('tcp'), place: 'main' },
  {
    name: 'handshake of a log server',
    make: () => createServer(greetSlowly),
    sink: syslog('tls'),
    place: 'main',
  },
  {
    ...{ name: 'log server by TLS', sink: syslog('tls', tls.ca), place: 'main' },
    make: () => createTlsServer(keys, endless('x')),
  },
  {
    ...{ name: 'header of a web server', sink: webhook, place: 'pager' },
    make: () =>
      createServer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nX-Drip: ');
        drip(socket, 'x');
      }),
  },
];

describe('a server that drips', () => {
  it.each(SLOW)('$name: is given up at the deadline, and its connection ends', async ({ make, sink, place }) => {
    const connected = sink(await listen(make()));
    const patience = new AbortController();
    let ended = false;
    const sent = connected.send(OPENED, place, patience.signal).finally(() => {
      ended = true;
    });
    sent.catch(() => undefined);
    await expect.poll(() => dripped >= ENOUGH || ended).toBe(true);
    if (!ended) patience.abort();
    await expect(sent).rejects.toMatchObject({ name: 'DeliveryError', retryable: true });
    await expect.poll(() => sockets.size).toBe(0);
    await connected.close();
  });
});
