import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { firstStartable } from '../../../adapters/nmap/startable.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'netdelta-startable-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const notPermitted = Object.assign(new Error('spawn nmap EPERM'), { code: 'EPERM' });

async function twoPlaces(): Promise<{ searchPath: string; plain: string }> {
  const [first, second] = [await mkdtemp(join(directory, 'a-')), await mkdtemp(join(directory, 'b-'))];
  for (const place of [first, second]) {
    await writeFile(join(place, 'nmap'), '#!/bin/sh\n');
    await chmod(join(place, 'nmap'), 0o755);
  }
  return { searchPath: `${first}:${directory}:${second}`, plain: join(second, 'nmap') };
}

test('where the first program may not be started, a plain one later in the search path is', async () => {
  const { searchPath, plain } = await twoPlaces();
  const tried: string[] = [];
  const found = await firstStartable('nmap', searchPath, async (command) => {
    tried.push(command);
    if (command !== plain) throw notPermitted;
    return 'works';
  });
  expect(found).toEqual({ command: plain, result: 'works' });
  expect(tried).toEqual(['nmap', plain]);
});

test('where none may be started, or for another reason, the error is reported', async () => {
  const { searchPath } = await twoPlaces();
  await expect(firstStartable('nmap', searchPath, () => Promise.reject(notPermitted))).rejects.toBe(notPermitted);
  const missing = Object.assign(new Error('spawn nmap ENOENT'), { code: 'ENOENT' });
  await expect(firstStartable('nmap', searchPath, () => Promise.reject(missing))).rejects.toBe(missing);
});
