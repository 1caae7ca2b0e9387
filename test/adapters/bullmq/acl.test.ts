import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { startJudgeWorker } from '../../../adapters/bullmq/judge-worker.ts';
import { createQueue } from '../../../adapters/bullmq/queue.ts';
import { startChunkWorker } from '../../../adapters/bullmq/worker.ts';
import { recordingLog, temporaryDirectory, until } from '../redis/lab.ts';
import { FAST, keyOf, recorder, resultOf, scannerThat, scanOf } from './lab.ts';

const SHIPPED = new URL('../../../.github/deploy/users.acl', import.meta.url);
const PASSWORDS = { bot: 'the bot', 'worker-dmz': 'the worker' };

/** A server with the users that the deployment files describe. */
async function startServer(directory: string): Promise<{ socket: string; stop(): void }> {
  const [socket, acl] = [join(directory, 'r.sock'), join(directory, 'users.acl')];
  const sha = (text: string) => createHash('sha256').update(text).digest('hex');
  const users = (await readFile(SHIPPED, 'utf8'))
    .replace('REPLACE_WITH_SHA256_OF_THE_BOTS_PASSWORD', sha(PASSWORDS.bot))
    .replace('REPLACE_WITH_SHA256_OF_THE_WORKERS_PASSWORD', sha(PASSWORDS['worker-dmz']));
  await writeFile(acl, users);
  const options = ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', directory, '--aclfile', acl];
  const child = spawn('redis-server', [...options, '--maxmemory-policy', 'noeviction'], { stdio: 'ignore' });
  return { socket, stop: () => void child.kill() };
}

test('with the documented users a worker scans for its site, and reaches nothing of other sites', async () => {
  const directory = await temporaryDirectory();
  const server = await startServer(directory.path);
  const { log } = recordingLog();
  const as = (username: keyof typeof PASSWORDS) => ({
    ...{ path: server.socket, username, password: PASSWORDS[username] },
    ...{ maxRetriesPerRequest: null, retryStrategy: () => 50 },
  });
  const admin = new Redis(as('bot'));
  admin.on('error', () => undefined);
  await until('the server answers', async () => (await admin.ping().catch(() => '')) === 'PONG');
  const { events, hasEnded, chunks } = recorder();
  const scan = scanOf(1, 3, { site: 'dmz' });
  const queue = createQueue({ connection: as('bot'), keyOf, log });
  const judge = await startJudgeWorker({
    ...{ connection: as('bot'), events, keyOf, log, timing: FAST, onSite: queue.onSite },
    scanOf: async () => scan,
  });
  const worker = await startChunkWorker({
    ...{ connection: as('worker-dmz'), site: 'dmz', key: keyOf('dmz'), concurrency: 2, log, timing: FAST },
    ...{ scanner: scannerThat(async (request) => resultOf(request)), authorise: () => undefined },
  });
  await queue.addScan(scan);
  await until('the scan ends', () => hasEnded(1));
  expect(chunks(1).map(({ result }) => result.outcome)).toEqual(['complete', 'complete', 'complete']);

  const thief = new Redis(as('worker-dmz'));
  thief.on('error', () => undefined);
  for (const attempt of [
    () => thief.hgetall('netdelta:scan-local:scan-1-chunk-0'),
    () => thief.lpush('netdelta:scan-local:wait', 'forged'),
    () => thief.get('netdelta:result:dmz:1:0:1'),
    () => thief.set('netdelta:permit:dmz:1', 'forged'),
    () => thief.set('netdelta:cancel:dmz:1', 'forged'),
    () => thief.set('netdelta:result:local:1:0:1', 'forged'),
    () => thief.hset('netdelta:ended:local:1', '0', 'forged'),
    () => thief.set('netdelta:started:local:1', 'forged'),
    () => thief.get('netdelta:permit:local:1'),
    () => thief.del('netdelta:judge-local:scan-1:dependencies'),
    () => thief.zadd('netdelta:judge-local:prioritized', '1', 'scan-1'),
    () => thief.hset('netdelta:judge-local:scan-1:processed', 'chunk', 'forged'),
    () => thief.sadd('netdelta:sites', 'many'),
    () => thief.publish('netdelta:other', 'x'),
    () => thief.config('GET', '*'),
    () => thief.keys('*'),
    () => thief.flushall(),
    () => thief.call('ACL', 'LIST'),
  ]) {
    await expect(attempt()).rejects.toThrow('NOPERM');
  }
  thief.disconnect();
  await worker.close();
  await judge.close();
  await queue.close();
  admin.disconnect();
  server.stop();
  await directory.remove();
});
