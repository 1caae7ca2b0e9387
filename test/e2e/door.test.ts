import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunOutput } from '../../src/commands/data/command-data.ts';
import { until } from '../until.ts';
import { openSession, runProgram, type Session, startProgram } from './console-session.ts';
import { redisOf } from './processes.ts';

let dataDir: string;
async function newDirectory(): Promise<void> {
  dataDir = await mkdtemp(join(tmpdir(), 'netdelta-door-'));
}
async function removeDirectory(): Promise<void> {
  for (const pid of redisOf(dataDir)) process.kill(pid, 'SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
}

const door = () => join(dataDir, 'netdelta.sock');

/** A console whose bot is up. */
async function startBot(): Promise<Session> {
  const session = openSession({ dataDir });
  await session.ask('status');
  await until(() => existsSync(door()), 'the socket');
  return session;
}

async function run(argv: readonly string[], input = '') {
  const { code, stdout, stderr } = await runProgram(['run', ...argv], { dataDir, input });
  return { code, stdout, stderr };
}

const outputs = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunOutput);

describe('netdelta run', () => {
  let bot: Session;
  beforeAll(async () => {
    await newDirectory();
    bot = await startBot();
  });
  afterAll(async () => {
    try {
      expect(await bot.end()).toBe(0);
      expect(bot.errors()).toBe('');
    } finally {
      await removeDirectory();
    }
  });

  it('connects to the running bot, through a socket that only its user can open', async () => {
    expect(statSync(door()).mode & 0o777).toBe(0o700);
    const added = await run(['/netdelta group add lab 127.0.0.1 ports:9 profile:quick']);
    expect(added).toMatchObject({ code: 0, stderr: '' });
    expect(added.stdout).toContain('Group lab added');
    const audit = await run(['/netdelta audit list', '--json']);
    const [{ data } = { data: undefined }] = outputs(audit.stdout);
    const items = data?.type === 'audit' ? data.items : [];
    expect(items.find(({ request }) => request.startsWith('group add'))).toMatchObject({
      name: userInfo().username,
      outcome: 'ok',
    });
  });

  it('returns fields that its published schema describes, and waits for a scan', async () => {
    const { stdout: schema } = await run(['--schema']);
    const commands = ['group add net 127.0.0.1 ports:9 profile:quick', 'scan now net', 'host list net', 'status'];
    const { code, stdout } = await run([...commands.map((command) => `/netdelta ${command}`), '--json']);
    expect(code).toBe(0);
    const check = new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(schema));
    const all = outputs(stdout);
    for (const output of all) expect(check(output), JSON.stringify(check.errors)).toBe(true);
    expect(all[1]).toMatchObject({ data: { type: 'scan', scan: { group: 'net', status: 'done', hostsUp: 1 } } });
    expect(all[2]).toMatchObject({
      data: { type: 'hosts', total: 1, items: [{ address: '127.0.0.1', up: true, ports: [] }] },
    });
  });

  it('exits with 0 when done, 1 when refused, 2 for wrong use; of several the worst counts', async () => {
    expect((await run(['group', 'list'])).code).toBe(0);
    const refused = await run(['/netdelta group show nowhere']);
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('There is no group');
    expect((await run(['/netdelta wibble', '/netdelta status'])).code).toBe(2);
    expect((await run(['/netdelta group add lab 10.0.0.0/33'])).code).toBe(2);
  });

  it('takes commands from a file and from standard input, up to exit', async () => {
    const file = join(dataDir, 'commands');
    await writeFile(
      file,
      '# two groups\n\n/netdelta group add a 127.0.0.1\nwibble\ngroup add b 127.0.0.2\nexit\nwibble\n',
    );
    const all = await run(['--file', file]);
    expect(all.code).toBe(2);
    expect(all.stderr).toContain('line 4: wibble');
    expect(all.stdout).toContain('Group b added');
    const some = await run(['--json', '--stop-on-error'], 'group remove x\ngroup list\n');
    expect(outputs(some.stdout).map(({ outcome }) => outcome)).toEqual(['refused']);
    expect(some.stderr).toContain('not run: 1 command');
    const list = await run(['-', '--json'], 'group list\n');
    const [{ data } = { data: undefined }] = outputs(list.stdout);
    const names = data?.type === 'groups' ? data.items.map(({ name }) => name) : [];
    expect(names.filter((name) => name.length === 1)).toEqual(['a', 'b']);
  });

  it('and a second console are answered by one bot: the console sees what the first one sees', async () => {
    const second = openSession({ dataDir });
    const status = await second.ask('group add desk 127.0.0.1 ports:9 profile:quick');
    expect(status.card.title).toBe('Group desk added');
    expect(second.errors()).toContain(`process ${bot.child.pid}`);
    second.send('/netdelta scan now desk');
    const isEnd = ({ card }: { card: { title: string } }) => /^desk: scan #\d+ done$/.test(card.title);
    await Promise.all([bot.waitFor(isEnd, 'the scan'), second.waitFor(isEnd, 'the scan')]);
    expect(await second.end()).toBe(0);
    expect((await bot.ask('status')).card.title).toBe('NetDelta');
  });

  it('is not disturbed by a client that sends nonsense', async () => {
    for (const bytes of [Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(8, 0xff), Buffer.from('\0\0\0\x02{}')]) {
      const socket = connect(door());
      socket.on('error', () => undefined);
      const closed = new Promise((resolve) => socket.on('close', resolve));
      socket.write(bytes);
      socket.resume();
      await closed;
    }
    expect((await run(['status'])).code).toBe(0);
  });
});

describe('a program on the same data directory', () => {
  beforeEach(newDirectory);
  afterEach(removeDirectory);

  it('says so where no bot runs, even after one was killed', async () => {
    expect(await run(['status'])).toMatchObject({ code: 1, stderr: expect.stringContaining('No NetDelta runs on') });
    const bot = await startBot();
    await bot.kill('SIGKILL');
    expect(existsSync(door())).toBe(true);
    expect((await run(['status'])).code).toBe(1);
    const next = await startBot();
    expect((await run(['status'])).code).toBe(0);
    await next.end();
  });

  it('ends with exit code 1 and a reason when the bot ends', async () => {
    const first = await startBot();
    const second = openSession({ dataDir });
    await second.ask('status');
    const ended = new Promise((resolve) => {
      second.child.once('close', resolve);
    });
    expect(await first.end()).toBe(0);
    expect(await ended).toBe(1);
    expect(second.errors()).toContain('NetDelta has ended');
  });

  it('that starts at the same time finds the other', async () => {
    const children = [1, 2].map(() => startProgram(['console', '--json'], { dataDir }));
    const codes = children.map(
      (child) =>
        new Promise((resolve) => {
          child.once('close', resolve);
        }),
    );
    const answers = children.map(
      (child) =>
        new Promise((resolve) => {
          child.stdout.once('data', resolve);
        }),
    );
    for (const child of children) child.stdin.write('group list\n');
    await Promise.all(answers);
    for (const child of children) child.stdin.end();
    expect((await Promise.all(codes)).every((code) => code === 0 || code === 1)).toBe(true);
  });
});
