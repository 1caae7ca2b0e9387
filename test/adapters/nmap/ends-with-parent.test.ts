import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endOrphans, noteRun, runsDirectory } from '../../../adapters/nmap/orphans.ts';
import { isAlive, nmapsOf, processes } from '../../e2e/processes.ts';
import { until } from '../../until.ts';
import { temporaryDirectory } from '../redis/lab.ts';

const SCAN = fileURLToPath(new URL('./scan-forever.ts', import.meta.url));

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
const started: ChildProcess[] = [];
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  await directory.remove();
});

/** A scanning process, and its nmap once it runs. */
async function scanning(): Promise<{ child: ChildProcess; nmap: number }> {
  const child = spawn(process.execPath, ['--import', 'tsx', SCAN, directory.path], {
    stdio: 'inherit',
    detached: true,
  });
  started.push(child);
  const slow = () =>
    nmapsOf(child.pid).find((pid) =>
      processes()
        .find((one) => one.pid === pid)
        ?.command.includes('60000'),
    );
  return { child, nmap: await until(slow, 'nmap') };
}

const noted = () => readdirSync(runsDirectory(directory.path));

describe('nmap', () => {
  test('ends when its process is killed', async () => {
    const { child, nmap } = await scanning();
    child.kill('SIGKILL');
    await until(() => !isAlive(nmap), 'the end of nmap');
  });

  test('ends although the whole process group is killed', async () => {
    const { child, nmap } = await scanning();
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await until(() => !isAlive(nmap), 'the end of nmap');
  });

  test('is ended by the next start if nothing watched it', async () => {
    const { child, nmap } = await scanning();
    const keeper = processes().find(({ parent, command }) => parent === child.pid && command.includes('kept'));
    process.kill(keeper?.pid ?? 0, 'SIGKILL');
    expect(endOrphans(runsDirectory(directory.path))).toBe(0);
    expect(isAlive(nmap)).toBe(true);
    // Frozen, so that its own broken pipes don't end it first.
    process.kill(nmap, 'SIGSTOP');
    child.kill('SIGKILL');
    await until(() => !isAlive(child.pid ?? 0), 'the end of the scanning process');
    expect(endOrphans(runsDirectory(directory.path))).toBe(1);
    await until(() => !isAlive(nmap), 'the end of nmap');
    expect(noted()).toEqual([]);
  });

  test('a process that has got the number of a dead nmap is left alone', async () => {
    const other = spawn('sleep', ['600'], { detached: true });
    started.push(other);
    const runs = runsDirectory(directory.path);
    mkdirSync(runs, { recursive: true });
    writeFileSync(join(runs, String(other.pid)), '12345 999999999 1');
    expect(endOrphans(runs)).toBe(0);
    expect(isAlive(other.pid ?? 0)).toBe(true);
    expect(noted()).toEqual([]);
  });

  test('that is running is recorded until its end', () => {
    const forget = noteRun(runsDirectory(directory.path), process.pid);
    expect(noted()).toEqual([String(process.pid)]);
    forget();
    expect(noted()).toEqual([]);
  });
});
