import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmailSink } from '../../../adapters/email/email-sink.ts';
import { createSyslogSink } from '../../../adapters/syslog/syslog-sink.ts';
import { createWebhookSink } from '../../../adapters/webhook/webhook-sink.ts';
import type { Sink } from '../../../src/ports/sink.ts';
import { deliverDue } from '../../../src/usecases/delivery/deliver.ts';
import { dispatchEvents } from '../../../src/usecases/delivery/dispatch-events.ts';
import { drawNothing } from '../../adapters/sink-samples.ts';
import { freePort } from '../../free-ports.ts';
import { openWorkshop, serviceDelta, type Workshop } from '../workshop.ts';

const MINUTE = 60_000;
const web = serviceDelta('service-added', '10.0.0.5', 80);
const telnet = serviceDelta('service-added', '10.0.0.6', 23);

let workshop: Workshop;
let closing: (() => Promise<unknown>)[];

beforeEach(async () => {
  workshop = await openWorkshop();
  closing = [];
});
afterEach(async () => {
  for (const close of closing) await close();
  await workshop.close();
});

async function listening(server: Server | HttpServer, port = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  closing.push(async () => (server.listening ? await closed(server) : undefined));
  return address.port;
}

const closed = (server: Server | HttpServer) => new Promise((resolve) => server.close(resolve));

async function routedTo(sink: Sink, channel: string) {
  workshop.delivery.sinks = new Map([[sink.platform, sink]]);
  closing.push(() => sink.close());
  const group = await workshop.addGroup();
  await workshop.store.groups.setRoute(group.id, { channel });
  return group;
}

async function deliver(): Promise<void> {
  await dispatchEvents(workshop);
  await workshop.deliver();
}

/** Like the bot: polls again and again, for this long by its clock. */
async function pass(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    workshop.time.now += MINUTE;
    await deliver();
  }
}

const alerts = () => workshop.board.posted.filter(({ inThreadOf }) => inThreadOf === undefined).length;

describe('a mail server', () => {
  it('that accepts and stays silent holds up no chat, and is sent each mail once when it works again', async () => {
    const held = new Set<Socket>();
    const deaf = createTcpServer((socket) => {
      held.add(socket);
      socket.on('error', () => undefined);
    });
    const port = await listening(deaf);
    const sink = createEmailSink({ url: `smtp://127.0.0.1:${port}`, from: 'netdelta@example.com' }, drawNothing);
    const group = await routedTo(sink, 'email:noc@example.com');
    await workshop.judged(group, [web]);
    await dispatchEvents(workshop);
    const first = await deliverDue(workshop.delivery);
    await expect.poll(() => [held.size, alerts()]).toEqual([1, 1]);
    await workshop.judged(group, [telnet]);
    await dispatchEvents(workshop);
    const second = await deliverDue(workshop.delivery);
    await expect.poll(alerts).toBe(2);
    expect(held.size, 'the mail still hangs').toBe(1);
    for (const socket of held) socket.destroy();
    await Promise.all([...first, ...second]);
    await closed(deaf);
    const subjects = await mailServer(port);
    await pass(2);
    expect(subjects).toHaveLength(2);
    await pass(2);
    expect(subjects).toHaveLength(2);
    expect(workshop.undeliverable).toEqual([]);
  });

  it('that drips is given up at the deadline, holds up no chat, and is sent each mail once when it works again', async () => {
    let dripped = 0;
    const dripping = createTcpServer((socket) => {
      const timer = setInterval(() => socket.write('2', () => dripped++), 5);
      socket.on('error', () => undefined).on('close', () => clearInterval(timer));
    });
    const port = await listening(dripping);
    const patience = new AbortController();
    workshop.delivery.sinkDeadline = () => patience.signal;
    const sink = createEmailSink({ url: `smtp://127.0.0.1:${port}`, from: 'netdelta@example.com' }, drawNothing);
    const group = await routedTo(sink, 'email:noc@example.com');
    await workshop.judged(group, [web]);
    await dispatchEvents(workshop);
    const sends = await deliverDue(workshop.delivery);
    await expect.poll(() => [dripped > 3, alerts()]).toEqual([true, 1]);
    patience.abort();
    await Promise.all(sends);
    await closed(dripping);
    workshop.delivery.sinkDeadline = () => new AbortController().signal;
    const subjects = await mailServer(port);
    await pass(2);
    expect(subjects).toHaveLength(1);
    await pass(2);
    expect(subjects).toHaveLength(1);
  });

  it('that refuses for a while loses no mail', async () => {
    const port = await freePort();
    const refusing = createTcpServer((socket) => socket.end('421 too busy\r\n'));
    await listening(refusing, port);
    const sink = createEmailSink({ url: `smtp://127.0.0.1:${port}`, from: 'netdelta@example.com' }, drawNothing);
    const group = await routedTo(sink, 'email:noc@example.com');
    await workshop.judged(group, [web]);
    await pass(30);
    expect(alerts()).toBe(1);
    await closed(refusing);
    const subjects = await mailServer(port);
    await pass(2);
    expect(subjects).toHaveLength(1);
  });
});

async function mailServer(port: number): Promise<string[]> {
  const subjects: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let raw = '';
      stream.on('data', (part: Buffer) => {
        raw += part.toString();
      });
      stream.on('end', () => {
        subjects.push(/^Subject: (.*)$/m.exec(raw)?.[1] ?? '');
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return subjects;
}

describe('a log server', () => {
  it('that is away for an hour is sent what it missed when it is back, in order and once', async () => {
    const port = await freePort();
    const address = { protocol: 'tcp', host: '127.0.0.1', port } as const;
    const group = await routedTo(createSyslogSink({ address, format: 'json' }), 'syslog:main');
    await workshop.judged(group, [web]);
    await pass(30);
    await workshop.judged(group, [telnet]);
    await pass(30);
    expect(alerts()).toBe(2);
    let received = '';
    const back = createTcpServer({ allowHalfOpen: true }, (socket) => {
      socket.on('data', (part) => {
        received += part.toString();
      });
      socket.on('end', () => socket.end());
    });
    await listening(back, port);
    await pass(2);
    const ports = () => Array.from(received.matchAll(/"destination":\{[^}]*"port":(\d+)/g), ([, port]) => port);
    const records = () => received.match(/<\d+>1 /g)?.length;
    expect(ports()).toEqual(['80', '23']);
    expect(records()).toBe(4);
    await pass(5);
    expect(records()).toBe(4);
  });
});

describe('a webhook', () => {
  it('that answers 500 is sent the same event again until it takes it, then the next', async () => {
    const got: { id: string; status: number }[] = [];
    let status = 500;
    const server = createHttpServer((request, response) => {
      got.push({ id: String(request.headers['x-netdelta-event']), status });
      request.resume();
      response.writeHead(status).end();
    });
    const port = await listening(server);
    const hooks = { pager: { url: `http://127.0.0.1:${port}/` } };
    const sink = createWebhookSink({ hooks, allowPrivate: true }, workshop.clock);
    const group = await routedTo(sink, 'webhook:pager');
    await workshop.judged(group, [web]);
    await workshop.judged(group, [telnet]);
    await pass(20);
    expect(alerts()).toBe(2);
    expect(new Set(got.map(({ id }) => id)).size, 'the first event, again and again').toBe(1);
    status = 204;
    await pass(3);
    const taken = got.filter((one) => one.status === 204).map(({ id }) => id);
    expect(taken).toHaveLength(4);
    expect(new Set(taken).size).toBe(4);
    expect(taken[0]).toBe(got[0]?.id);
    expect(workshop.undeliverable).toEqual([]);
  });
});
