import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRedisServer } from '../servers/redis.ts';
import { until } from '../until.ts';
import { openSession, scanGroup, startProgram } from './console-session.ts';
import { isAlive, nmapsOf, redisOf } from './processes.ts';

let directory: string;
let dataDir: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'netdelta-workers-'));
  dataDir = join(directory, 'data');
});
afterEach(async () => {
  for (const child of children.splice(0)) await ended(child, 'SIGTERM');
  await rm(directory, { recursive: true, force: true });
});

function ended(child: ChildProcess, signal?: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', resolve);
    if (signal !== undefined) child.kill(signal);
  });
}

function startWorker(site: string, env: Record<string, string> = {}): { child: ChildProcess; said(): string } {
  const child = startProgram(['worker', '--site', site], { dataDir, env });
  children.push(child);
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said += data.toString();
  });
  return { child, said: () => said };
}

/** The output of `netdelta worker-key` on the bot's machine. */
async function keyOf(site: string): Promise<string> {
  const child = startProgram(['worker-key', site], { dataDir, env: {} });
  let printed = '';
  child.stdout.on('data', (data: Buffer) => {
    printed += data.toString();
  });
  expect(await ended(child)).toBe(0);
  expect(printed).toMatch(/^ndk_[\w-]{43}\n$/);
  return printed.trim();
}

describe('a worker', () => {
  it('joins the bot on its data directory and scans for its site, which nobody scanned before', async () => {
    const bot = openSession({ dataDir });
    children.push(bot.child);
    await bot.ask('group add lab 127.0.0.1 ports:9 profile:quick site:dmz');
    expect((await bot.ask('scan now lab async:true')).card.title).toBe('lab: scan #1');
    expect((await bot.ask('scan now lab async:true')).text).toContain('Scan #1 of this group is queued already');
    expect((await bot.ask('status')).text).toContain('dmz: no worker! Start one: netdelta worker --site dmz');
    const { child, said } = startWorker('dmz');
    await bot.waitFor(({ card }) => card.title === 'lab: scan #1 done', 'the end of the scan');
    expect(said()).toMatch(/^Scanning for site dmz, 2 nmap at once \(private Redis on .*redis\.sock\)\.\n/);
    expect((await bot.ask('status')).text).toMatch(/dmz: 1 worker, 0 active/);
    expect(await ended(child, 'SIGTERM')).toBe(0);
    expect(await bot.end()).toBe(0);
    expect(redisOf(dataDir)).toEqual([]);
  });

  it('that is stopped in the middle of a scan ends its nmap and leaves the scan to the next', async () => {
    const bot = openSession({ dataDir });
    children.push(bot.child);
    await bot.ask('group add lab 127.0.0.1 ports:1-300 profile:quick site:dmz max-rate:100');
    await bot.ask('scan now lab async:true');
    const first = startWorker('dmz');
    const nmap = await until(() => nmapsOf(first.child.pid)[0], 'nmap');
    expect(await ended(first.child, 'SIGINT')).toBe(0);
    expect(isAlive(nmap)).toBe(false);
    startWorker('dmz');
    await bot.waitFor(({ card }) => card.title === 'lab: scan #1 done', 'the end of the scan');
    expect(await bot.end()).toBe(0);
  });
});

describe('REDIS_URL', () => {
  it('makes bot and worker meet on that Redis, which both leave as it is', async () => {
    const server = await startRedisServer(directory);
    const { socket } = server;
    const env = { REDIS_URL: `unix:${socket}` };
    const bot = openSession({ dataDir, env });
    children.push(bot.child);
    await bot.ask('group add lab 127.0.0.1 ports:9 profile:quick');
    await bot.ask('group add far 127.0.0.1 ports:9 profile:quick site:far');
    expect((await scanGroup(bot, 'lab')).end.card.title).toBe('lab: scan #1 done');
    const elsewhere = { ...env, NETDELTA_DATA_DIR: join(directory, 'elsewhere') };
    const keyless = startWorker('far', elsewhere);
    expect(await ended(keyless.child)).toBe(2);
    expect(keyless.said()).toContain('run `netdelta worker-key far`, then set NETDELTA_SITE_KEY here');
    const { child } = startWorker('far', { ...elsewhere, NETDELTA_SITE_KEY: await keyOf('far') });
    expect((await scanGroup(bot, 'far')).end.card.title).toBe('far: scan #2 done');
    expect(await ended(child, 'SIGTERM')).toBe(0);
    expect(await bot.end()).toBe(0);
    expect(redisOf(dataDir)).toEqual([]);
    const redis = new Redis({ path: socket });
    expect((await redis.keys('*')).filter((key) => !key.startsWith('netdelta:'))).toEqual([]);
    redis.disconnect();
    await server.stop();
  });
});
