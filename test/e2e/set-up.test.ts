import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** A clone that is set up: its modules match its lock file, its build is newer than its sources. */
let clone: string;
beforeEach(async () => {
  clone = await mkdtemp(join(tmpdir(), 'netdelta-set-up-'));
  await mkdir(join(clone, '.ci'));
  await copyFile('.ci/set-up', join(clone, '.ci/set-up'));
  for (const name of ['src', 'adapters', 'migrations', 'bin']) await mkdir(join(clone, name));
  for (const name of ['package.json', 'package-lock.json', 'src/main.ts']) {
    await write(name, '{}');
  }
  await write('node_modules/.netdelta-lock', '{}');
  await write('.ci/build.mjs', BUILDER);
  await write('dist/.built', '');
  await write('dist/old.js', '');
});
afterEach(() => rm(clone, { recursive: true, force: true }));

/** A stand-in for the real one: `build.mjs DIRECTORY`. */
const BUILDER = `import { writeFileSync } from 'node:fs';
writeFileSync(process.argv[2] + '/new.js', '');
console.log('compiled');`;

async function write(name: string, content: string): Promise<void> {
  await mkdir(dirname(join(clone, name)), { recursive: true });
  await writeFile(join(clone, name), content);
}

/** Only these programs are found. */
async function offer(...programs: string[]): Promise<void> {
  for (const program of [...programs, 'sh', 'dirname', 'cmp', 'find', 'flock', 'rm', 'mv', 'mkdir', 'touch', 'cat']) {
    const place = (process.env['PATH'] ?? '').split(':').find((path) => existsSync(join(path, program)));
    if (place !== undefined) await symlink(join(place, program), join(clone, 'bin', program));
  }
}

function setUp(input = '', env: Record<string, string> = {}) {
  const script = 'sh .ci/set-up && cat';
  return spawnSync('sh', ['-c', script], {
    cwd: clone,
    input,
    encoding: 'utf8',
    env: { PATH: join(clone, 'bin'), ...env },
  });
}

describe('set-up', () => {
  it('does and prints nothing when nothing is missing, and leaves standard input untouched', async () => {
    await offer('node', 'nmap', 'redis-server');
    expect(setUp('/netdelta help\n')).toMatchObject({ status: 0, stdout: '/netdelta help\n', stderr: '' });
    expect(existsSync(join(clone, 'dist/old.js'))).toBe(true);
  });

  it('builds again when a source is newer than the build, and prints nothing on standard output', async () => {
    await offer('node', 'nmap', 'redis-server');
    const soon = new Date(Date.now() + 2000);
    await utimes(join(clone, 'src/main.ts'), soon, soon);
    const { status, stdout, stderr } = setUp('in\n');
    expect([status, stdout]).toEqual([0, 'in\n']);
    expect(stderr).toMatch(/^netdelta set-up: building\ncompiled\n$/);
    expect(existsSync(join(clone, 'dist/new.js'))).toBe(true);
    expect(existsSync(join(clone, 'dist/old.js'))).toBe(false);
  });

  it('keeps the last build when the next one fails', async () => {
    await offer('node', 'nmap', 'redis-server');
    await write('.ci/build.mjs', 'process.exit(1)');
    await rm(join(clone, 'dist/.built'));
    const { status, stderr } = setUp();
    expect(status).toBe(2);
    expect(stderr).toContain('the build failed');
    expect(existsSync(join(clone, 'dist/old.js'))).toBe(true);
  });

  it('names what is missing where it cannot install it, and stops', async () => {
    await offer('node');
    const { status, stdout, stderr } = setUp('in\n');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^netdelta set-up: missing: +nmap redis-server\n {2}Install them/);
  });

  it('needs no redis-server where REDIS_URL names another', async () => {
    await offer('node', 'nmap');
    expect(setUp('', { REDIS_URL: 'redis://redis:6379' }).status).toBe(0);
  });

  it('refuses a Node that is too old before anything else', async () => {
    await offer('nmap');
    await write('bin/node', '#!/bin/sh\n[ "$1" = -v ] && echo v18.19.0\nexit 1\n');
    spawnSync('chmod', ['+x', join(clone, 'bin/node')]);
    const { status, stderr } = setUp();
    expect(status).toBe(2);
    expect(stderr).toMatch(/^netdelta set-up: Node\.js v18\.19\.0 is too old\.\n {2}Install Node\.js 20\.19/);
  });

  it('is a POSIX script that every start and test run goes through', async () => {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> };
    expect([scripts['start'], scripts['test']]).toEqual([
      expect.stringMatching(/^sh \.ci\/set-up && node dist\//),
      expect.stringMatching(/^sh \.ci\/set-up && vitest run/),
    ]);
  });
});
