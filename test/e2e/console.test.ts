import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../free-ports.ts';
import { type ConsoleEvent, isTold, openSession, runPiped, type Session } from './console-session.ts';

let dataDir: string;
const servers: Server[] = [];
const sockets = new Set<Socket>();
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'netdelta-e2e-'));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map(close));
  await rm(dataDir, { recursive: true, force: true });
});

async function listen(port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.end('hello\r\n');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  servers.push(server);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, port: address.port };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  });
}

const isAlertOf = (what: string) => (event: ConsoleEvent) => isTold(event) && event.text.includes(what);

async function scan(session: Session): Promise<number> {
  const before = session.events.length;
  session.send('/netdelta scan now lab');
  session.send('/netdelta status');
  await session.waitFor(
    (event) => event.event === 'ephemeral' && event.card.title === 'NetDelta',
    'the scan’s end',
    before,
  );
  return before;
}

describe('the console', () => {
  it('scans from a pipe, shows what is open, and exits 0', async () => {
    const { port } = await listen();
    const { code, events } = await runPiped(
      [`/netdelta group add lab 127.0.0.1 ports:${port}`, '/netdelta scan now lab'],
      { dataDir },
    );
    expect(code).toBe(0);
    const done = events.findLast((event) => event.card?.title.startsWith('lab: scan #1'));
    expect(done?.card.title).toBe('lab: scan #1 done');
    expect(done?.text).toContain(`${port}`);
    expect(events.some((event) => event.thread !== undefined)).toBe(false);
  });

  it('reports a port that opens and one that closes, each once; the first click counts, the second shows who was first', async () => {
    const port = await freePort();
    const session = openSession({ dataDir });
    session.send(`/netdelta group add lab 127.0.0.1 ports:${port} profile:quick confirm:off`);
    await scan(session);

    const again = await listen(port);
    await scan(session);
    const added = session.events.filter(isAlertOf('127.0.0.1'));
    expect(added).toHaveLength(1);
    expect(added[0]?.text).toMatch(/open/);
    const acknowledge = added[0]?.buttons.find((button) => button.label === 'Acknowledge');
    expect(acknowledge).toBeDefined();

    let from = session.events.length;
    session.send(`click ${acknowledge?.id}`);
    const edited = await session.waitFor(
      (event) => event.event === 'update' && event.id === added[0]?.id,
      'the edit',
      from,
    );
    expect(edited.buttons.map((button) => button.label)).toEqual(['Undo']);
    from = session.events.length;
    session.send(`click ${acknowledge?.id}`);
    const second = await session.waitFor((event) => event.event === 'ephemeral', 'an answer to the second click', from);
    expect(second.text).toMatch(/Acknowledged by/);

    await close(again.server);
    from = await scan(session);
    const removed = session.events.slice(from).filter(isAlertOf('127.0.0.1'));
    expect(removed).toHaveLength(1);
    expect(removed[0]?.text).toMatch(/reset/);
    expect(session.events.findLast(({ id }) => id === added[0]?.id)?.text).toMatch(/now: closed/);
    expect(await session.end()).toBe(0);
    expect(session.errors()).toBe('');
  });

  it('answers wrong input clearly, and does nothing', async () => {
    const wrong = [
      'group add lab 10.0.0.0/33',
      'group add lab 10.0.0.5-3',
      'group add lab no-such-name.invalid',
      `group add ${'x'.repeat(300)} 10.0.0.1`,
      'group add <b>lab</b> 10.0.0.1',
      'group add lab 10.0.0.1 ports:0-70000',
      'group add lab --script=evil',
      'group add lab ;rm -rf',
      'group add lab 8.8.8.8',
      `group add lab ${'10.0.0.1 '.repeat(120_000)}`,
      'grup add lab 10.0.0.1',
    ];
    const { code, events } = await runPiped([...wrong.map((line) => `/netdelta ${line}`), '', '/netdelta group list'], {
      dataDir,
    });
    expect(code).toBe(2);
    const answers = events.filter((event) => event.event === 'ephemeral' || event.event === 'message');
    expect(answers.slice(0, wrong.length).map((event) => event.card.tone)).toEqual(wrong.map(() => 'error'));
    expect(answers[8]?.text).toContain('NETDELTA_ALLOWED_TARGETS=');
    expect(answers[10]?.text).toContain('group add');
    expect(answers.at(-1)?.text).not.toContain('lab');
  });

  it('answers wrong schedules at the wrong word', async () => {
    const { events } = await runPiped(
      [
        '/netdelta group add lab 127.0.0.1 ports:9',
        '/netdelta schedule add lab "61 * * * *"',
        '/netdelta schedule add lab daily 02:00 tz:Mars/Base',
        '/netdelta schedule add lab weekdays 18:30 tz:Europe/Zurich',
      ],
      { dataDir },
    );
    const [, cron, zone, good] = events;
    expect(cron).toMatchObject({ card: { tone: 'error' }, text: expect.stringContaining('61') });
    expect(zone).toMatchObject({ card: { tone: 'error' }, text: expect.stringContaining('Mars/Base') });
    expect(good?.text).toContain('18:30');
  });
});

describe('an nmap that dies before it has read its targets', () => {
  it('is a failed scan, not the end of the bot', async () => {
    const bin = await mkdtemp(join(tmpdir(), 'netdelta-bin-'));
    const broken = '#!/bin/sh\ncase "$*" in *-iL*) exec 0<&-; exit 1;; esac\nexec /usr/bin/nmap "$@"\n';
    await writeFile(join(bin, 'nmap'), broken, { mode: 0o755 });
    const { code, events } = await runPiped(
      ['/netdelta group add lab 127.0.0.0/22 ports:9 profile:quick', '/netdelta scan now lab', '/netdelta status'],
      { dataDir, env: { PATH: `${bin}:${process.env['PATH']}` } },
    );
    await rm(bin, { recursive: true });
    expect(code).toBe(1);
    expect(events.findLast((event) => event.card?.title.startsWith('lab: scan #1'))?.card.title).toContain('failed');
    expect(events.some((event) => event.card?.title === 'NetDelta')).toBe(true);
  });
});
