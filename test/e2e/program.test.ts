import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSession, runPiped, runProgram } from './console-session.ts';
import { redisOf } from './processes.ts';

let directory: string;
let dataDir: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'netdelta-program-'));
  dataDir = join(directory, 'data');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const run = (argv: readonly string[], env: Record<string, string> = {}) => runProgram(argv, { dataDir, env });

/** A PATH with only these programs, as they are found now. */
async function pathOf(...names: string[]): Promise<string> {
  const places = (process.env['PATH'] ?? '').split(':');
  for (const name of names) {
    const found = places.map((place) => join(place, name)).find((path) => existsSync(path));
    if (found === undefined) throw new Error(`${name} is not installed`);
    await symlink(found, join(directory, name));
  }
  return directory;
}

describe('netdelta', () => {
  it('lists every problem of the configuration at once, and exits 2', async () => {
    const wrong = {
      SLACK_APP_TOKEN: 'xapp-1',
      NETDELTA_CHANNEL: 'general',
      NETDELTA_ADMINS: 'joe',
      NETDELTA_ALLOWED_TARGETS: 'example.org',
      NETDELTA_CONFIRM_DELAYS: '0s',
      DATABASE_URL: 'oracle://x',
      REDIS_URL: 'http://x',
      LOG_LEVEL: 'loud',
      PORT: 'http',
    };
    const { code, stdout, stderr } = await run(['console'], wrong);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    const [head, ...problems] = stderr.trimEnd().split('\n');
    expect(head).toBe('The configuration is wrong:');
    expect(problems.pop()).toMatch(/^Set these in the environment or in .env/);
    expect(problems.map((line) => line.trim().split(':')[0]).sort()).toEqual(
      [...Object.keys(wrong).filter((key) => key !== 'SLACK_APP_TOKEN'), 'SLACK_BOT_TOKEN'].sort(),
    );
  });

  it.each([
    ['docter', /^There is no command docter\.\nDid you mean netdelta doctor\? There are bot, console, /],
    ['console --yaml', /^error: unknown option '--yaml'\nSee `netdelta --help`/],
    ['worker --concurrency none', /'none' is invalid\. expected 1 to 256/],
    ['worker', /^no bot runs on the data directory [^\n]*\nstart `netdelta bot` there first, or set REDIS_URL/],
    ['bot', /^There is no token[^\n]*\nSet SLACK_BOT_TOKEN/],
  ])('%s: what is wrong and what to do, and exit code 2', async (line, expected) => {
    const { code, stdout, stderr } = await run(line.split(' '));
    expect(stderr).toMatch(expected);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('migrates the database up, and one step down and up again', async () => {
    const first = await run(['migrate']);
    expect([first.code, first.stderr]).toEqual([0, '']);
    const names = first.stdout.match(/(?<=done: ).*/g) ?? [];
    expect(first.stdout).toMatch(new RegExp(`the database is up to date \\(${names.length} new\\)\\n$`));
    expect((await run(['migrate', '--down'])).stdout).toBe(`taken back: ${names.at(-1)}\n`);
    expect((await run(['migrate'])).stdout).toBe(`done: ${names.at(-1)}\nthe database is up to date (1 new)\n`);
    expect((await run(['migrate'])).stdout).toBe('the database is up to date\n');
  });

  it('doctor finds that everything works before the first start and beside a running bot, and leaves no Redis behind', async () => {
    const fresh = await run(['doctor']);
    expect(fresh.stdout).toMatch(/^warn {2}database: not up to date, \d+ migrations to run$/m);
    expect(fresh.stdout).toMatch(/\nEverything works, with \d warnings?\.\n$/);
    expect(fresh.code).toBe(0);
    expect(redisOf(dataDir)).toEqual([]);
    const bot = openSession({ dataDir });
    await bot.ask('status');
    const beside = await run(['doctor']);
    expect(beside.stdout).toMatch(/^ok {4}database: SQLite/m);
    expect(beside.code).toBe(0);
    expect(redisOf(dataDir)).toHaveLength(1);
    expect((await bot.ask('status')).text).toContain('local: 1 worker');
    expect(await bot.end()).toBe(0);
  });

  it('doctor says what is missing and how to fix it, and exits 1', async () => {
    await mkdir(dataDir);
    await chmod(dataDir, 0o777);
    const { code, stdout } = await run(['doctor'], {
      PATH: await pathOf('node', 'redis-server'),
      DISCORD_TOKEN: 'a-token-that-nobody-ever-gave',
      DISCORD_API_URL: 'http://127.0.0.1:1/api',
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^warn {2}data directory: [^\n]* written to by every user[^\n]*\n {6}→ Run: chmod o-w/m);
    expect(stdout).toMatch(/^FAIL {2}nmap: nmap is not installed here[^\n]*\n {6}→ Install it/m);
    expect(stdout).toMatch(/^FAIL {2}admins: nobody in the chat may grant roles\n {6}→ Set NETDELTA_ADMINS/m);
    expect(stdout).toMatch(/^FAIL {2}discord: /m);
    expect(stdout).toMatch(/^warn {2}discord: DISCORD_GUILD_ID is not set[^\n]*\n {6}→ Set it to/m);
    expect(stdout).toMatch(/\d problems to fix\.\n$/);
  });

  it('doctor says what an nmap before 7.92 costs', async () => {
    const nmap = join(await pathOf('node', 'redis-server', 'sh', 'sed'), 'nmap');
    const real = spawnSync('sh', ['-c', 'command -v nmap'], { encoding: 'utf8' }).stdout.trim();
    await writeFile(nmap, `#!/bin/sh\n${real} "$@" | sed 's/ version="[^"]*" xmloutput/ version="7.80" xmloutput/'\n`);
    await chmod(nmap, 0o755);
    const { code, stdout } = await run(['doctor'], { PATH: directory });
    expect(stdout).toMatch(/^warn {2}nmap: 7\.80, [^\n]*not which[^\n]*\n {6}→ Install nmap 7\.92 or later/m);
    expect(code).toBe(0);
  });

  it('diff has the same exit code when its reader stops after the first line', () => {
    const scan = (number: string) => join('test', 'fixtures', 'series-loss20', `scan-${number}.xml.gz`);
    const piped = (pair: string) => {
      const script = `node dist/src/main.js diff ${pair} | head -1 >/dev/null; echo "\${PIPESTATUS[0]}"`;
      return spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    };
    expect(piped(`${scan('00')} ${scan('12')}`)).toMatchObject({ stdout: '1\n', stderr: '' });
    expect(piped(`${scan('00')} ${scan('00')}`)).toMatchObject({ stdout: '0\n', stderr: '' });
  });

  it('the console exits 1 when a scan has failed, which shows why', async () => {
    const { code, events, errors } = await runPiped(
      ['/netdelta group add lab 127.0.0.1 ports:9', '/netdelta scan now lab'],
      { dataDir, env: { PATH: await pathOf('node', 'redis-server') } },
    );
    expect(code).toBe(1);
    expect(errors()).toMatch(/^nmap is not installed here/);
    expect(events.at(-1)?.text).toMatch(/^✖ lab: scan #1 failed\nnmap is not installed here/);
  });

  it('without a Redis of its own or another says what to install', async () => {
    const { code, stderr } = await run(['console'], { PATH: await pathOf('node', 'nmap') });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^redis-server is not installed, and no REDIS_URL is set\ninstall it/);
  });
});
