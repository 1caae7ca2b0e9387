import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../adapters/sequelize/database.ts';
import { freePorts } from '../free-ports.ts';
import { type ConsoleEvent, isTold, openSession, type Session } from './console-session.ts';

let dataDir: string;
const sessions: Session[] = [];
const servers = new Map<number, Server>();
const sockets = new Set<Socket>();
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'netdelta-versions-'));
});
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.kill('SIGTERM');
  for (const port of [...servers.keys()]) await close(port);
  await rm(dataDir, { recursive: true, force: true });
});

function open(): Session {
  const session = openSession({ dataDir });
  sessions.push(session);
  return session;
}

/** Listens as an SSH server of this version, in place of another one. */
async function serve(port: number, version: string): Promise<void> {
  await close(port);
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.end(`SSH-2.0-OpenSSH_${version}\r\n`);
  });
  servers.set(port, server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

async function close(port: number): Promise<void> {
  const server = servers.get(port);
  servers.delete(port);
  if (server === undefined) return;
  await new Promise((resolve) => {
    server.close(resolve);
    for (const socket of sockets) socket.destroy();
  });
}

/** The text of the finished scan, and what was alerted meanwhile. */
async function scan(session: Session, how = ''): Promise<{ done: string; alerts: string[] }> {
  const from = session.events.length;
  session.send(`/netdelta scan now lab ${how}`);
  session.send('/netdelta status');
  const isEnd = (event: ConsoleEvent): boolean => event.event === 'ephemeral' && event.card.title === 'NetDelta';
  await session.waitFor(isEnd, 'the scan’s end', from);
  const events = session.events.slice(from);
  const done = events.findLast(({ card }) => /scan #\d+ done/.test(card?.title ?? ''));
  const alerts = events.filter((event) => isTold(event) && !/scan #/.test(event.card.title));
  return { done: done?.text ?? '', alerts: alerts.map(({ text }) => text) };
}

/** While the bot is off: everything was identified so long before. */
async function letPass(days: number): Promise<void> {
  const database = await openDatabase(`sqlite:${join(dataDir, 'netdelta.sqlite')}`);
  for (const row of await database.tables.identityReads.find({})) {
    const reads = (JSON.parse(row.detail) as { askedAt: number }[]).map((read) => ({
      ...read,
      askedAt: read.askedAt - days * 86_400_000,
    }));
    await database.write((tx) =>
      database.tables.identityReads.upsertMany(
        [{ ...row, detail: JSON.stringify(reads) }],
        ['group_id', 'address'],
        tx,
      ),
    );
  }
  await database.close();
}

describe('a group with version-every', () => {
  it('reads versions of what is new and due, and of nothing else', async () => {
    const [first = 0, second = 0] = await freePorts(2);
    await serve(first, '9.2p1');
    let session = open();
    session.send(`/netdelta group add lab 127.0.0.1 ports:${first},${second} version-every:7d confirm:off`);
    const baseline = await scan(session);
    expect(baseline.done).toContain('OpenSSH 9.2p1');
    expect(baseline.done).not.toContain('versions were read of');

    await serve(first, '9.9p1');
    const within = await scan(session);
    expect(within.alerts).toEqual([]);
    expect(within.done).toContain('versions were read of none of 1 open port; they are read again when they are due');

    await serve(second, '9.7p1');
    const opened = await scan(session);
    expect(opened.alerts).toHaveLength(1);
    expect(opened.alerts[0]).toContain(`(${second}/tcp) opened`);
    expect(opened.alerts[0]).toContain('9.7p1');
    expect(opened.done).toContain('versions were read of 1 of 2 open ports');

    const host = await session.ask('/netdelta host show 127.0.0.1');
    expect(host.text).toContain('version read');
    expect(host.text).toContain('OpenSSH 9.2p1');
    expect(await session.end()).toBe(0);

    await letPass(8);
    session = open();
    const due = await scan(session);
    expect(due.alerts).toEqual([]);
    expect(due.done).not.toContain('versions were read of');
    const again = await scan(session);
    expect(again.done).toContain('versions were read of 1 of 2 open ports');
    expect(again.alerts).toHaveLength(1);
    expect(again.alerts[0]).toContain('9.2p1 became 9.9p1');
    expect((await scan(session)).alerts).toEqual([]);
    expect(await session.end()).toBe(0);
    expect(session.errors()).toBe('');
  });

  it('reads all versions for somebody who names a profile', async () => {
    const [port = 0] = await freePorts(1);
    await serve(port, '9.2p1');
    const session = open();
    session.send(`/netdelta group add lab 127.0.0.1 ports:${port} version-every:7d confirm:off`);
    await scan(session);
    await serve(port, '9.9p1');
    await scan(session);
    const asked = await scan(session, `profile:standard ports:${port}`);
    expect(asked.done).toContain('1 doubtful change');
    expect(asked.done).not.toContain('versions were read of');
    const next = await scan(session);
    expect(next.alerts).toHaveLength(1);
    expect(next.alerts[0]).toContain('9.2p1 became 9.9p1');
    expect(await session.end()).toBe(0);
  });
});
