import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Databases of three kinds and their journals, of two workers at once. */
const ROOM_BYTES = 3 * 1024 ** 3;
const MEMORY = '/dev/shm';
let directory: string | undefined;

/**
 * Vitest's global set-up: all temporary files of a run lie in one directory, which goes with the run. In memory where
 * there is room, because thousands of small databases wait for the disk otherwise.
 */
export function setup(): void {
  // Once in a run, not once more for each of its projects.
  if (process.env['NETDELTA_TEST_FILES'] !== undefined) return;
  const parent = isRoomy(MEMORY) ? MEMORY : tmpdir();
  removeLeftOver(parent);
  directory = mkdtempSync(join(parent, `nd-${process.pid}-`));
  // Database servers run as users of their own.
  chmodSync(directory, 0o1777);
  process.env['TMPDIR'] = directory;
  process.env['NETDELTA_TEST_FILES'] = directory;
}

export function teardown(): void {
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
}

/** What runs that were killed have left. */
function removeLeftOver(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = /^nd-(\d+)-\w{6}$/.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

/** Programs are started from there, too. */
function isRoomy(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(directory);
    const mount = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .find((line) => line.split(' ')[1] === directory);
    return mount !== undefined && !/\bnoexec\b/.test(mount) && bavail * bsize >= ROOM_BYTES;
  } catch {
    return false;
  }
}
