import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeLeftOver } from './temporary-files.ts';

/** No process has this number: it is above what Linux gives out. */
const GONE = 'nd-4194305-AbCdEf';

describe('what a killed run left behind', () => {
  it.skipIf(userInfo().uid !== 0)('is removed with the small disks that are still mounted in it', () => {
    const parent = mkdtempSync(join(tmpdir(), 'nd-left-'));
    const disk = join(parent, GONE, 'nd a disk');
    mkdirSync(disk, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);

    removeLeftOver(parent);

    expect(existsSync(join(parent, GONE))).toBe(false);
  });

  it('is left alone while its run goes on, and what is not of a run always', () => {
    const parent = mkdtempSync(join(tmpdir(), 'nd-left-'));
    const others = [`nd-${process.pid}-AbCdEf`, 'nd-chaos', 'somebody'];
    for (const name of others) mkdirSync(join(parent, name));

    removeLeftOver(parent);

    for (const name of others) expect(existsSync(join(parent, name))).toBe(true);
  });
});
