import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../until.ts';
import { isAlive, nmapsOf, processes, redisOf } from './processes.ts';

// `script` of bsdutils gives a program a terminal.
const obstacle = spawnSync('script', ['--version']).status === 0 ? undefined : 'script is not installed';

type Terminal = { script: ChildProcess; type(text: string): void; shown(): string; program(): number | undefined };

let dataDir: string;
let terminal: Terminal;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'netdelta-terminal-'));
});
afterEach(async () => {
  terminal.script.kill('SIGKILL');
  for (const pid of redisOf(dataDir)) process.kill(pid, 'SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

function openTerminal(): Terminal {
  const command = `exec ${process.execPath} dist/src/main.js`;
  const script = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
    env: { PATH: process.env['PATH'], TERM: 'xterm-256color', NETDELTA_DATA_DIR: dataDir, NO_COLOR: '1' },
  });
  let shown = '';
  script.stdout.on('data', (data: Buffer) => {
    shown += data.toString();
  });
  script.stdin.on('error', () => undefined);
  return {
    script,
    type: (text) => void script.stdin.write(text),
    shown: () => shown,
    program: () =>
      processes().find(({ parent, command: line }) => parent === script.pid && line.includes('main.js'))?.pid,
  };
}

const shows = (text: string) => until(() => terminal.shown().includes(text), text);

/** The console with a scan in progress; resolves with its nmap. */
async function scanning(): Promise<{ program: number; nmap: number }> {
  terminal = openTerminal();
  await shows('netdelta›');
  terminal.type('group add lab 127.0.0.1 ports:1-2000 profile:quick max-rate:100\r');
  await shows('Group lab added');
  terminal.type('scan now lab\r');
  const program = await until(() => terminal.program(), 'the program');
  return { program, nmap: await until(() => nmapsOf(program)[0], 'nmap') };
}

describe.skipIf(obstacle !== undefined)(
  obstacle === undefined ? 'the console on a terminal' : `the console on a terminal (skipped: ${obstacle})`,
  () => {
    it('that is closed ends, and leaves no nmap and no Redis behind', async () => {
      const { program, nmap } = await scanning();
      terminal.script.kill('SIGKILL');
      await until(() => !isAlive(program), 'the end of the program');
      expect(isAlive(nmap)).toBe(false);
      expect(redisOf(dataDir)).toEqual([]);
    });

    it('waits after Ctrl-C for work in progress, and leaves at once at the next', async () => {
      const { nmap } = await scanning();
      terminal.type('\x03');
      await shows('Waits for what is under way; Ctrl-C leaves at once.');
      expect(isAlive(nmap)).toBe(true);
      terminal.type('\x03');
      const code = await new Promise((resolve) => {
        terminal.script.once('exit', resolve);
      });
      expect(code).toBe(130);
      expect(isAlive(nmap)).toBe(false);
      expect(redisOf(dataDir)).toEqual([]);
    });
  },
);
