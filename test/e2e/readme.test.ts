import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeTerminal } from '../fakes/terminal.ts';
import { createLab, type Lab, labObstacle } from '../lab/lab.ts';
import { until } from '../until.ts';
import { redisOf } from './processes.ts';

const obstacle =
  labObstacle() ?? (spawnSync('script', ['--version']).status === 0 ? undefined : 'script is not installed');

/** As wide as the session is written, and long enough to keep all of it. */
const [COLUMNS, ROWS] = [100, 400];
const PROMPT = 'netdelta› ';

type Turn = { command: string; answer: string[] };

/** The input in the README, each with the output it shows. */
function turnsOf(readme: string): Turn[] {
  const turns: Turn[] = [];
  for (const [, block = ''] of readme.matchAll(/```text\n([\s\S]*?)```/g)) {
    for (const line of block.split('\n')) {
      if (line.startsWith(PROMPT)) turns.push({ command: line.slice(PROMPT.length), answer: [] });
      else if (line !== '') turns.at(-1)?.answer.push(line);
    }
  }
  return turns;
}

/** Without what differs from run to run: times, dates, durations, the user's name. */
function plain(line: string): string {
  return line
    .trimEnd()
    .replace(/\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)?)?|\d\d:\d\d:\d\d/g, 'TIME')
    .replace(/\d{1,2} [A-Z][a-z]{2} \d{4}/g, 'TIME')
    .replace(/took (less than a second|\d+ seconds?)/, 'took a while')
    .replace(/@[\w.-]+/, '@SOMEBODY')
    .replace(/ {2,}/g, '  ');
}

/**
 * Lines of `said` that do not follow in `shown`, in that order; other lines may come between them, because the README
 * shortens.
 */
function missing(said: readonly string[], shown: readonly string[]): string[] {
  let from = 0;
  return said.filter((line) => {
    const at = shown.indexOf(plain(line), from);
    if (at >= 0) from = at + 1;
    return at < 0;
  });
}

describe.skipIf(obstacle !== undefined)(
  obstacle === undefined ? 'the README' : `the README (skipped: ${obstacle})`,
  () => {
    let dataDir: string;
    let lab: Lab;
    const children: ChildProcess[] = [];
    const screen = new FakeTerminal(COLUMNS, ROWS);
    beforeEach(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'netdelta-readme-'));
      // Nobody listens on its loopback.
      lab = await createLab();
    });
    afterEach(async () => {
      for (const child of children) child.kill('SIGKILL');
      // With the programs in it: one that outlives its terminal for a moment starts another Redis.
      await lab.close();
      for (const pid of redisOf(dataDir)) process.kill(pid, 'SIGKILL');
      await rm(dataDir, { recursive: true, force: true });
    });

    function start(argv: readonly string[], env: Record<string, string> = {}): ChildProcess {
      const { command, args } = lab.scannerCommand(argv);
      const child = spawn(command, args, { env: { PATH: process.env['PATH'], ...env } });
      child.stdin.on('error', () => undefined);
      children.push(child);
      return child;
    }

    const lines = () => screen.text().split('\n').map(plain);

    async function open(program: string): Promise<ChildProcess> {
      const shell = `stty columns ${COLUMNS} rows ${ROWS}; exec ${program}`;
      const env = { TERM: 'xterm-256color', NETDELTA_DATA_DIR: dataDir, NO_COLOR: '1', LANG: 'C.UTF-8' };
      const script = start(['script', '--quiet', '--return', '--flush', '--command', shell, '/dev/null'], env);
      script.stdout?.setEncoding('utf8').on('data', (data: string) => void screen.write(data));
      await until(() => lines().at(-1) === PROMPT.trimEnd(), 'the prompt');
      return script;
    }

    it('runs a first session exactly as it is shown', async () => {
      const readme = await readFile('README.md', 'utf8');
      const [server] = /python3 -m http\.server [^`]*/.exec(readme) ?? [];
      const turns = turnsOf(readme);
      expect(turns.map(({ command }) => command)).toContain('exit');
      const script = await open(`${process.execPath} dist/src/main.js`);
      const ended = new Promise((resolve) => {
        script.once('exit', resolve);
      });
      for (const [index, { command, answer }] of turns.entries()) {
        if (index === 2) await listen(server ?? '');
        const from = lines().length - 1;
        script.stdin?.write(`${command}\r`);
        const rest = () => missing(answer, lines().slice(from));
        await until(() => rest().length === 0, `after ${command}: ${answer.join('\n')}`).catch(() => undefined);
        expect(rest(), screen.text()).toEqual([]);
      }
      expect(await ended).toBe(0);
      // Input stays where it was typed, however often the cards below it were redrawn.
      const typed = turns.map(({ command }) => plain(`${PROMPT}${command}`));
      expect(lines().filter((line) => typed.includes(line))).toEqual(typed);

      // In the next session the numbers go on, and an earlier one never means another button.
      const next = await open(`${process.execPath} dist/src/main.js`);
      const shows = async (command: string, words: RegExp) => {
        next.stdin?.write(`${command}\r`);
        await until(() => lines().some((line) => words.test(line)), `after ${command}: ${words}`);
      };
      await shows('3', /Button 3 is no longer there/);
      await shows('delta undo 1', /1 delta open again/);
      await shows('delta list', /\[1[1-9]\] Acknowledge #1: 8000\/tcp opened on 127\.0\.0\.1/);
    });

    it('shows a script that runs as written', async () => {
      const readme = await readFile('README.md', 'utf8');
      const [, script = ''] = /^(printf '\/netdelta .*)$/m.exec(readme) ?? [];
      const program = `${process.execPath} dist/src/main.js`;
      const child = start(['sh', '-c', script.replace('npm start --silent --', program)], {
        NETDELTA_DATA_DIR: dataDir,
      });
      let out = '';
      child.stdout?.setEncoding('utf8').on('data', (data: string) => {
        out += data;
      });
      const code = await new Promise((resolve) => {
        child.once('close', resolve);
      });
      const titles = out
        .trim()
        .split('\n')
        .map((line): string => JSON.parse(line).card.title);
      expect([code, titles[0], titles.at(-1)]).toEqual([0, 'Group lab added', 'lab: scan #1 done']);
    });

    /** In another terminal. */
    async function listen(server: string): Promise<void> {
      const child = start([...server.split(' ')]);
      const port = /\d{4,5}/.exec(server)?.[0] ?? '';
      await until(() => {
        const { command, args } = lab.scannerCommand(['ss', '-Hltn', `sport = :${port}`]);
        return spawnSync(command, args).stdout.toString() !== '';
      }, `a listener (${child.pid})`);
    }
  },
);
