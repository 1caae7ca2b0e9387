import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../../adapters/sequelize/open-store.ts';
import { GROUP_DEFAULTS } from '../../src/core/model/group.ts';
import { DEFAULT_POLICY } from '../../src/core/model/policy.ts';
import { parseWhen } from '../../src/core/time/when.ts';
import type { ScanRequest } from '../../src/usecases/scanning/request-scan.ts';
import { runSchedules } from '../../src/usecases/schedules/run-schedules.ts';
import { numbers } from './synthetic-network.ts';

/**
 * `npx tsx test/bench/thousand-groups.ts [GROUPS]`, after `npm run build`: groups with a schedule each. How long the program
 * takes to start with them and what it then holds at rest; and whether, over a day of fake time, each runs once a day and
 * when it is due.
 */
const groups = Number(process.argv[2] ?? 1_000);
const directory = mkdtempSync(join(tmpdir(), 'netdelta-bench-'));
const REST_MS = 10_000;
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

try {
  const store = await openStore(`sqlite:${join(directory, 'netdelta.sqlite')}`);
  await store.migrate();
  const random = numbers(7);
  const from = Math.ceil(Date.now() / DAY) * DAY;
  const due = new Map<number, number>();
  for (let index = 0; index < groups; index++) {
    const targets = [`10.${index >> 8}.${index & 255}.0/24`];
    const group = await store.groups.add(
      { ...GROUP_DEFAULTS, name: `group-${index}`, targets, exclude: [], policy: DEFAULT_POLICY },
      'console:local',
      from,
    );
    const minute = Math.floor(random() * 96) * 15;
    const phrase = `daily ${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
    const when = parseWhen(phrase, 'UTC', from);
    const { id } = await store.schedules.add({
      ...{
        groupId: group.id,
        phrase,
        when,
        zone: 'UTC',
        status: 'active',
        createdBy: 'console:local',
        createdAt: from - 1,
      },
    });
    due.set(id, from + minute * MINUTE);
  }
  await dayOfFakeTime(due, from);
  await store.close();
  await startAndRest();

  async function dayOfFakeTime(expected: ReadonlyMap<number, number>, start: number): Promise<void> {
    const time = { now: start };
    const late: number[] = [];
    let looks = 0;
    const quiet = { debug() {}, info() {}, warn() {}, error() {} };
    const ran = new Map<number, number>();
    const used = process.cpuUsage();
    const deps = {
      ...{ store, clock: { now: () => time.now }, log: quiet, wake() {}, instance: 'bench' },
      placesOf: async () => [],
      channelsOf: async () => [],
      async requestScan({ origin }: ScanRequest) {
        if (origin.type !== 'schedule') return;
        ran.set(origin.schedule, (ran.get(origin.schedule) ?? 0) + 1);
        late.push(time.now - (expected.get(origin.schedule) ?? Number.NaN));
      },
    };
    while (time.now < start + DAY) {
      const next: number | undefined = await runSchedules(deps as never, { off: false });
      looks += 1;
      time.now = Math.max(time.now + 1, next ?? start + DAY);
    }
    const { user, system } = process.cpuUsage(used);
    const once = [...expected.keys()].filter((id) => ran.get(id) === 1).length;
    console.log(
      `a day: ${once} of ${expected.size} ran once, ${Math.max(...late)} ms late at most; ${looks} looks, ${((user + system) / 1000 / looks).toFixed(1)} ms of processor time each`,
    );
  }

  async function startAndRest(): Promise<void> {
    const started = performance.now();
    const env = { PATH: process.env['PATH'], NETDELTA_DATA_DIR: directory };
    const bot = spawn(process.execPath, ['dist/src/main.js', 'console', '--json'], { env, stdio: 'pipe' });
    bot.stderr.resume();
    bot.stdin.write('/netdelta status\n');
    await once(bot.stdout, 'data');
    const seconds = (performance.now() - started) / 1000;
    console.log(
      `start: answers after ${seconds.toFixed(1)} s on the clock, ${cpuSeconds(bot.pid).toFixed(1)} s of processor time`,
    );
    await sleep(REST_MS);
    console.log(`at rest: ${residentMb(bot.pid)} MB resident`);
    bot.stdin.end();
    await once(bot, 'exit');
  }
} finally {
  rmSync(directory, { recursive: true });
}

/** Of Linux: ticks of 10 ms, of the user and the system. */
function cpuSeconds(pid: number | undefined): number {
  const [, , user = 0, system = 0] = (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] ?? '')
    .split(' ')
    .slice(9)
    .map(Number);
  return (user + system) / 100;
}

function residentMb(pid: number | undefined): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}
