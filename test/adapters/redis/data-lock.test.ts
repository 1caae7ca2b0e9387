import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockDataDir } from '../../../adapters/redis/data-lock.ts';
import { UserError } from '../../../src/core/errors.ts';
import { temporaryDirectory } from './lab.ts';

const MODULE = fileURLToPath(new URL('../../../adapters/redis/data-lock.ts', import.meta.url));
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;

beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory.remove());

async function holderProcess(dataDir: string) {
  const script = `import(${JSON.stringify(MODULE)}).then((m) => m.lockDataDir(${JSON.stringify(dataDir)})).then(() => {
    process.stdout.write('locked');
    setInterval(() => {}, 1000);
  })`;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

test('a second bot on a data directory is refused, with the process that holds it', async () => {
  const child = await holderProcess(directory.path);
  const refusal = await lockDataDir(directory.path).catch((error: unknown) => error);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(refusal).toBeInstanceOf(UserError);
  expect(String(refusal)).toContain(`process ${child.pid} already runs NetDelta on the data directory`);
});

test('the lock of a process that was killed is taken over at once', async () => {
  const child = await holderProcess(directory.path);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lock = await lockDataDir(directory.path);
  await lock.release();
});

test('a process id left behind does not lock anything, even when it is alive', async () => {
  await writeFile(join(directory.path, 'bot.pid'), `${process.pid} somewhere\n`);
  const lock = await lockDataDir(directory.path);
  await lock.release();
});

test('one process cannot lock a directory twice, but again after it has released it', async () => {
  const lock = await lockDataDir(directory.path);
  await expect(lockDataDir(directory.path)).rejects.toThrow(`process ${process.pid} already runs NetDelta`);
  await lock.release();
  await (await lockDataDir(directory.path)).release();
});

test('a data directory that cannot be created is reported with what to set', async () => {
  await writeFile(join(directory.path, 'file'), '');
  const refusal = await lockDataDir(join(directory.path, 'file', 'data')).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(UserError);
  expect(refusal).toMatchObject({ hint: expect.stringContaining('NETDELTA_DATA_DIR') });
});
