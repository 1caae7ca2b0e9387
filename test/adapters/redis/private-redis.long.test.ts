import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureRedis } from '../../../adapters/redis/ensure-redis.ts';
import type { RedisHandle } from '../../../adapters/redis/redis-handle.ts';
import { socketPath } from '../../../adapters/redis/socket-path.ts';
import { processes, redisOf } from '../../e2e/processes.ts';
import { isGone, recordingLog, temporaryDirectory, until } from './lab.ts';

const MODULE = fileURLToPath(new URL('../../../adapters/redis/ensure-redis.ts', import.meta.url));
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let handles: RedisHandle[];
let clients: Redis[];
let children: ChildProcess[];

beforeEach(async () => {
  directory = await temporaryDirectory();
  handles = [];
  clients = [];
  children = [];
});
afterEach(async () => {
  for (const client of clients) client.disconnect();
  for (const handle of handles) await handle.stop();
  for (const child of children) child.kill('SIGKILL');
  await until('no server is left', () => redisOf(directory.path).length === 0);
  await directory.remove();
});

async function join_(options: { mayStart?: boolean; dataDir?: string } = {}): Promise<RedisHandle> {
  const handle = await ensureRedis({ dataDir: directory.path, log: recordingLog().log, ...options });
  handles.push(handle);
  return handle;
}

function clientOf(handle: RedisHandle): Redis {
  const client = new Redis(handle.connection);
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

async function pidOf(client: Redis): Promise<number> {
  return Number(/^process_id:(\d+)/m.exec(await client.info('server'))?.[1]);
}

/** The guard processes of this directory's server. */
function guardsOf(dataDir: string): number[] {
  return processes()
    .filter(({ command }) => command.includes('guard-entry') && command.endsWith(dataDir))
    .map(({ pid }) => pid);
}

async function userProcess(dataDir: string, env: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
  const script = `Promise.all([import(${JSON.stringify(MODULE)}), import('pino')]).then(async ([m, p]) => {
    const options = { dataDir: ${JSON.stringify(dataDir)}, log: p.pino({ level: 'silent' }) };
    const handle = await m.ensureRedis(options);
    process.on('SIGTERM', () => handle.stop().then(() => process.exit(0)));
    process.stdout.write('ready');
  })`;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  children.push(child);
  await once(child.stdout ?? child, 'data');
  return child;
}

test('the private Redis is accessible to this user only, persists everything and never evicts', async () => {
  const handle = await join_();
  const client = clientOf(handle);
  const socket = String(handle.connection.path);
  expect((await stat(dirname(socket))).mode & 0o777).toBe(0o700);
  expect((await stat(socket)).mode & 0o777).toBe(0o700);
  const settings = ['port', 'appendonly', 'maxmemory-policy', 'save'];
  const values = await Promise.all(settings.map((name) => client.config('GET', name)));
  expect(values).toEqual([
    ['port', '0'],
    ['appendonly', 'yes'],
    ['maxmemory-policy', 'noeviction'],
    ['save', ''],
  ]);
  expect(handle).toMatchObject({ owned: true, describe: `private Redis on ${socket}`, warnings: [] });
});

test('the last user stops the private Redis, and its data is there at the next start', async () => {
  const first = await join_();
  const second = await join_();
  const client = clientOf(second);
  await client.set('kept', 'yes');
  const pid = await pidOf(client);
  await first.stop();
  expect(await client.get('kept')).toBe('yes');
  client.disconnect();
  await second.stop();
  expect(isGone(pid)).toBe(true);
  expect(await clientOf(await join_()).get('kept')).toBe('yes');
});

test('a private Redis that is killed comes back with its data, and clients only notice a pause', async () => {
  const handle = await join_();
  const news: string[] = [];
  handle.onLost(() => news.push('lost'));
  handle.onRestored(() => news.push('restored'));
  const client = clientOf(handle);
  await client.set('kept', 'yes');
  const pid = await pidOf(client);
  process.kill(pid, 'SIGKILL');
  expect(await client.get('kept')).toBe('yes');
  expect(await pidOf(client)).not.toBe(pid);
  await until('both are told', () => news.length === 2);
  expect(news).toEqual(['lost', 'restored']);
});

test('a bot that is killed leaves no server behind, and its data is there at the next start', async () => {
  const child = await userProcess(directory.path);
  const [pid = 0] = redisOf(directory.path);
  const client = new Redis({ path: await socketPath(join(directory.path, 'redis'), 'redis.sock') });
  await client.set('kept', 'yes');
  client.disconnect();
  child.kill('SIGKILL');
  await until('its server has ended', () => isGone(pid));
  expect(await clientOf(await join_()).get('kept')).toBe('yes');
});

test('the server of a killed bot stays for its other user, and goes with the last, even if that is killed too', async () => {
  const bot = await userProcess(directory.path);
  const worker = await userProcess(directory.path);
  const [pid = 0] = redisOf(directory.path);
  const guards = guardsOf(directory.path);
  expect(guards).toHaveLength(2);
  bot.kill('SIGKILL');
  await until('the guard of the bot has looked', () => guards.some(isGone));
  expect(redisOf(directory.path)).toEqual([pid]);
  worker.kill('SIGKILL');
  await until('the server has ended', () => isGone(pid));
  await until('both guards have ended', () => guards.every(isGone));
});

test('a bot that starts while the server of a killed one ends has a server', async () => {
  const child = await userProcess(directory.path);
  child.kill('SIGKILL');
  const handle = await join_();
  expect(await clientOf(handle).ping()).toBe('PONG');
  await until('only its own guard is left', () => guardsOf(directory.path).length === 1);
  expect(await clientOf(handle).ping()).toBe('PONG');
  expect(redisOf(directory.path)).toHaveLength(1);
});

test('neither the server nor its guard gets any of our environment, which holds tokens', async () => {
  await userProcess(directory.path, { SLACK_BOT_TOKEN: 'xoxb-1-secret', NETDELTA_WORKER_SECRET: 'y'.repeat(32) });
  const pids = [...redisOf(directory.path), ...guardsOf(directory.path)];
  expect(pids).toHaveLength(2);
  const environments = pids.map((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8')).join('');
  expect(environments).not.toMatch(/xoxb|yyy|SLACK|NETDELTA/);
});

test('a bot that ends leaves the server to another process that still uses it', async () => {
  const child = await userProcess(directory.path);
  const handle = await join_({ mayStart: false });
  const client = clientOf(handle);
  const pid = await pidOf(client);
  child.kill('SIGTERM');
  await once(child, 'exit');
  expect(await pidOf(client)).toBe(pid);
  client.disconnect();
  await handle.stop();
  expect(isGone(pid)).toBe(true);
});

test('a worker without REDIS_URL does not start a server of its own', async () => {
  await expect(join_({ mayStart: false })).rejects.toThrow('no bot runs on the data directory');
});

test('two processes that start at once share one server', async () => {
  const [a, b] = await Promise.all([join_(), join_()]);
  expect(await pidOf(clientOf(a))).toBe(await pidOf(clientOf(b)));
});

test('a server whose socket was deleted is ended before another writes to the same files', async () => {
  const handle = await join_();
  const pid = await pidOf(clientOf(handle));
  await rm(String(handle.connection.path));
  const second = clientOf(await join_());
  expect(await pidOf(second)).not.toBe(pid);
  expect(isGone(pid)).toBe(true);
});

test('a data directory with a long path has its socket in a short directory of its own', async () => {
  const dataDir = join(directory.path, 'd'.repeat(120), 'data');
  const handle = await join_({ dataDir });
  const socket = String(handle.connection.path);
  expect(Buffer.byteLength(socket)).toBeLessThan(104);
  expect((await stat(dirname(socket))).mode & 0o777).toBe(0o700);
  expect(await clientOf(handle).ping()).toBe('PONG');
});

test('a short directory that another user could have prepared is refused', async () => {
  const long = join(directory.path, 'd'.repeat(120));
  const prepared = dirname(await socketPath(long, 'redis.sock', directory.path));
  await rm(prepared, { recursive: true });
  await symlink(directory.path, prepared);
  await expect(socketPath(long, 'redis.sock', directory.path)).rejects.toThrow(
    'not a directory that only this user can open',
  );
  await rm(prepared);
  await mkdir(prepared, { mode: 0o755 });
  await expect(socketPath(long, 'redis.sock', directory.path)).rejects.toThrow(
    'not a directory that only this user can open',
  );
});

test('without redis-server on the machine, the error says what to install', async () => {
  const script = `Promise.all([import(${JSON.stringify(MODULE)}), import('pino')]).then(async ([m, p]) => {
    const options = { dataDir: ${JSON.stringify(directory.path)}, log: p.pino({ level: 'silent' }) };
    await m.ensureRedis(options).catch((error) => process.stdout.write(error.message + ' | ' + error.hint));
  })`;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: directory.path },
  });
  const [said] = await once(child.stdout, 'data');
  expect(String(said)).toContain('redis-server is not installed');
  expect(String(said)).toContain('apt-get install redis-server');
});

test('a redis-server that does not start says why', async () => {
  await mkdir(join(directory.path, 'redis', 'appendonlydir'), { recursive: true, mode: 0o700 });
  await writeFile(join(directory.path, 'redis', 'appendonlydir', 'appendonly.aof.manifest'), 'rubbish\n');
  const refusal = await join_().catch((error: unknown) => error);
  expect(refusal).toMatchObject({
    message: expect.stringMatching(/^redis-server did not start \(exit code 1\): Invalid AOF/),
  });
  expect(refusal).toMatchObject({ hint: expect.stringContaining('appendonlydir') });
});
