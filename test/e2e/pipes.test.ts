import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../until.ts';
import { openSession, runPiped, runProgram, startProgram } from './console-session.ts';
import { isAlive, nmapsOf, redisOf } from './processes.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'netdelta-pipes-'));
});
afterEach(async () => {
  for (const pid of redisOf(dataDir)) process.kill(pid, 'SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

const SLOW = '127.0.0.1 ports:1-2000 profile:quick max-rate:100';

describe('the console in a pipe', () => {
  it('answers invalid UTF-8, an empty line and a line without its end, each on its own, and continues', async () => {
    const input = Buffer.concat([
      Buffer.from('/netdelta group add \xff\xfe 10.0.0.1\n', 'latin1'),
      Buffer.from('\n\r\n'),
      Buffer.from('/netdelta group add caf\u00e9 10.0.0.1\r\n/netdelta group list'),
    ]);
    const { code, stdout, stderr } = await runProgram(['console', '--json'], { dataDir, input });
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { text: string; card: { tone: string; title: string } });
    expect(events[0]?.card.tone).toBe('error');
    expect(events.at(-2)?.card.title).toBe('Group caf\u00e9 added');
    expect(events.at(-1)?.card.title).toBe('1 group');
    expect([code, stderr]).toEqual([2, '']);
  });

  it('is JSON without --json too, when standard input is no terminal', async () => {
    const { code, stdout } = await runProgram([], { dataDir, input: 'status\n' });
    expect(JSON.parse(stdout)).toMatchObject({ event: 'ephemeral', card: { title: 'NetDelta' } });
    expect(code).toBe(0);
  });

  it('ends with its reader, without an error, and leaves no process behind', async () => {
    const session = openSession({ dataDir });
    await session.ask(`group add lab ${SLOW}`);
    session.send('/netdelta scan now lab');
    const nmap = await until(() => nmapsOf(session.child.pid)[0], 'nmap');
    session.child.stdout.destroy();
    const code = await new Promise((resolve) => {
      session.child.once('exit', resolve);
    });
    expect([code, session.errors()]).toEqual([0, '']);
    expect(isAlive(nmap)).toBe(false);
    expect(redisOf(dataDir)).toEqual([]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('ends on %s with exit code %i, and so do nmap and Redis', async (signal, expected) => {
    const session = openSession({ dataDir });
    await session.ask(`group add lab ${SLOW}`);
    session.send('/netdelta scan now lab');
    const nmap = await until(() => nmapsOf(session.child.pid)[0], 'nmap');
    expect(await session.kill(signal)).toBe(expected);
    expect(isAlive(nmap)).toBe(false);
    expect(redisOf(dataDir)).toEqual([]);
    expect(session.errors()).toBe('');
  });

  it('resumes a scan that a signal ended', async () => {
    const session = openSession({ dataDir });
    await session.ask('group add lab 127.0.0.1 ports:1-200 profile:quick max-rate:100');
    session.send('/netdelta scan now lab');
    await until(() => nmapsOf(session.child.pid)[0], 'nmap');
    await session.kill('SIGTERM');
    const { code, events } = await runPiped([], { dataDir });
    expect(events.map(({ card }) => card.title)).toContain('lab: scan #1 done');
    expect(code).toBe(0);
  });

  it('a signal while it starts leaves no Redis behind', async () => {
    const child = startProgram(['console', '--json'], { dataDir });
    await until(() => redisOf(dataDir)[0], 'Redis');
    child.kill('SIGTERM');
    const code = await new Promise((resolve) => {
      child.once('close', resolve);
    });
    expect(code).toBe(143);
    expect(redisOf(dataDir)).toEqual([]);
  });
});

describe('a JSON event', () => {
  it('has exactly the fields of commands.md, and a file its content too', async () => {
    const { events } = await runPiped(
      [
        '/netdelta group add lab 127.0.0.1 ports:9 profile:quick',
        '/netdelta scan now lab',
        '/netdelta scan show 1',
        '/netdelta group remove lab',
      ],
      { dataDir },
    );
    const fields = ['event', 'id', 'channel', 'text', 'card', 'buttons'];
    for (const event of events) {
      const { thread, ...rest } = event;
      const extra = event.event === 'file' ? ['name', 'mimeType', 'size', 'base64'] : [];
      expect(Object.keys(rest).sort()).toEqual([...fields, ...extra].sort());
      expect(thread === undefined || typeof thread === 'string').toBe(true);
      expect(event.channel).toBe('console:main');
      for (const button of event.buttons) expect(Object.keys(button).sort()).toEqual(['id', 'label']);
    }
    expect(new Set(events.map(({ event }) => event))).toEqual(new Set(['message', 'update', 'ephemeral', 'file']));
    const file = events.find(({ event }) => event === 'file');
    const shown = events.find(({ id }) => id === file?.thread);
    expect(shown?.card.title).toContain('scan #1');
    expect(file).toMatchObject({ name: 'scan-1.xml.gz', mimeType: 'application/gzip' });
    const { base64 = '' } = file as { base64?: string };
    expect(gunzipSync(Buffer.from(base64, 'base64')).toString()).toContain('<nmaprun');
    expect(events.at(-1)?.buttons.map(({ label }) => label)).toEqual(['Remove', 'Keep']);
  });
});
