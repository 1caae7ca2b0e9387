import { spawnSync } from 'node:child_process';
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
 * Vitest's global set-up: all temporary files of a run are in one directory, which is deleted with the run. In memory
 * if there is room, because thousands of small databases wait for the disk otherwise.
 */
export function setup(): void {
  // Once per run, not once for each of its projects.
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
  if (directory !== undefined) removeTree(directory);
}

/** Remains of runs that were killed. One that can't be removed is no reason not to run. */
export function removeLeftOver(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = /^nd-(\d+)-\w{6}$/.exec(name)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    try {
      removeTree(join(parent, name));
    } catch (error) {
      process.stderr.write(`left by an earlier run, and not removed: ${String(error)}\n`);
    }
  }
}

/** Removes a directory, and what is still mounted in it: small disks of tests whose run was killed. */
export function removeTree(directory: string): void {
  for (const mounted of mountPoints().filter((path) => path === directory || path.startsWith(`${directory}/`)))
    spawnSync('umount', ['--lazy', mounted]);
  rmSync(directory, { recursive: true, force: true });
}

/** The deepest first. Blanks in a path are written as octal numbers there (proc_pid_mounts(5)). */
function mountPoints(): string[] {
  if (!existsSync('/proc/self/mounts')) return [];
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) =>
      (line.split(' ')[1] ?? '').replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8))),
    )
    .reverse();
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
