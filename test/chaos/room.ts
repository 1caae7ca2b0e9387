import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../temporary-files.ts';

/** A directory with a disk of its own if possible, so that it can be full. */
export type Room = { directory: string; hasOwnDisk: boolean; fill(): void; makeRoom(): void; remove(): void };

export function createRoom(name: string, megabytes: number): Room {
  const directory = mkdtempSync(join(tmpdir(), `nd-${name}-`));
  const mount = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory];
  const hasOwnDisk = userInfo().uid === 0 && spawnSync('mount', mount).status === 0;
  // Database servers run as users of their own.
  chmodSync(directory, 0o1777);
  const filler = join(directory, 'filler');
  return {
    directory,
    hasOwnDisk,
    fill() {
      const { bavail, bsize } = statfsSync(directory);
      try {
        writeFileSync(filler, Buffer.alloc(bavail * bsize + 1));
      } catch {
        // To the last byte, on purpose.
      }
    },
    makeRoom: () => rmSync(filler, { force: true }),
    remove: () => removeTree(directory),
  };
}
