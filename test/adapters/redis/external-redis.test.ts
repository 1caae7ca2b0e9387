import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureRedis } from '../../../adapters/redis/ensure-redis.ts';
import { UserError } from '../../../src/core/errors.ts';
import { freePort } from '../../free-ports.ts';
import { recordingLog, temporaryDirectory, until } from './lab.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let port: number;
let server: ReturnType<typeof spawn>;

function startServer() {
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory.path, '--save', ''];
  return spawn('redis-server', [...settings, '--requirepass', 'sesame', '--maxmemory-policy', 'allkeys-lru'], {
    stdio: 'ignore',
  });
}

async function join(url: string) {
  const { log, messages } = recordingLog();
  const handle = await ensureRedis({ url, dataDir: directory.path, log });
  return { handle, messages };
}

async function refusal(url: string): Promise<UserError> {
  const error = await join(url).then(
    async ({ handle }) => handle.stop(),
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return error;
  throw new Error(`not refused: ${String(error)}`);
}

beforeAll(async () => {
  directory = await temporaryDirectory();
  port = await freePort();
  server = startServer();
  await until('the server answers', () =>
    join(`redis://:sesame@127.0.0.1:${port}`).then(
      async ({ handle }) => handle.stop().then(() => true),
      () => false,
    ),
  );
});
afterAll(async () => {
  server.kill('SIGKILL');
  await once(server, 'exit');
  await directory.remove();
});

test('a Redis that may evict is used, with a warning that says what to set', async () => {
  const { handle, messages } = await join(`redis://:sesame@127.0.0.1:${port}/3`);
  await handle.stop();
  expect(handle).toMatchObject({ owned: false, describe: `Redis at 127.0.0.1:${port}, database 3` });
  expect(handle.warnings).toEqual([expect.stringContaining('CONFIG SET maxmemory-policy noeviction')]);
  expect(messages).toEqual(expect.arrayContaining([...handle.warnings]));
});

test('a wrong password is reported without the password', async () => {
  const error = await refusal(`redis://:open-barley@127.0.0.1:${port}`);
  expect(error.message).toBe(`Redis at 127.0.0.1:${port} cannot be used: user name or password is wrong`);
  expect(JSON.stringify([error, error.hint])).not.toContain('barley');
});

test('a missing password is reported with the form to give it in', async () => {
  expect((await refusal(`redis://127.0.0.1:${port}`)).message).toContain('it wants a password');
});

test('a Redis that cannot be reached is reported with what to do', async () => {
  const error = await refusal(`redis://:secret-word@127.0.0.1:${await freePort()}`);
  expect(error.message).toContain('nothing listens there');
  expect(error.hint).toContain('REDIS_URL');
  expect(String(error)).not.toContain('secret-word');
});

test('an unknown host name is reported', async () => {
  expect((await refusal('redis://redis.invalid:6379')).message).toMatch(
    /^Redis at redis.invalid:6379 cannot be used: /,
  );
});

test('an external Redis that goes and comes back is reported both times', async () => {
  const { handle } = await join(`redis://:sesame@127.0.0.1:${port}`);
  const news: string[] = [];
  handle.onLost(() => news.push('lost'));
  handle.onRestored(() => news.push('restored'));
  server.kill('SIGKILL');
  await until('its loss is told', () => news.length === 1);
  server = startServer();
  await until('its return is told', () => news.length === 2);
  expect(news).toEqual(['lost', 'restored']);
  await handle.stop();
});

test('TLS to a port without TLS is refused within seconds, with what to do', async () => {
  const { message, hint } = await refusal(`rediss://:sesame@127.0.0.1:${port}`);
  expect(message).toContain('does not answer in TLS');
  expect(hint).toContain('use redis://');
});
