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
import type { Store } from '../../src/ports/store.ts';
import type { ScanRequest } from '../../src/usecases/scanning/request-scan.ts';
import { runSchedules } from '../../src/usecases/schedules/run-schedules.ts';
import { numbers } from './synthetic-network.ts';

/**
 * `npm run bench:groups -- [GROUPS]`: groups with a schedule each. How long the
 * program takes to start with them and how much memory it then holds at rest; and whether, over a day of fake time,
 * each runs once a day and on time.
 */
const groups = Number(process.argv[2] ?? 1_000);
const directory = mkdtempSync(join(tmpdir(), 'netdelta-bench-'));
const REST_MS = 10_000;
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

try {
  // Added now, so that none is due while the program starts.
  await (await fill(join(directory, 'netdelta.sqlite'), Date.now())).store.close();
  await startAndRest();
  const from = Math.ceil(Date.now() / DAY) * DAY;
  await dayOfFakeTime(await fill(join(directory, 'day.sqlite'), from), from);

  /** Returns the due time of each schedule within a day from `at`, a midnight. */
  async function fill(file: string, at: number): Promise<{ store: Store; due: ReadonlyMap<number, number> }> {
    const store = await openStore(`sqlite:${file}`);
    await store.migrate();
    const random = numbers(7);
    const due = new Map<number, number>();
    for (let index = 0; index < groups; index++) {
      const targets = [`10.${index >> 8}.${index & 255}.0/24`];
      const group = await store.groups.add(
        { ...GROUP_DEFAULTS, name: `group-${index}`, targets, exclude: [], policy: DEFAULT_POLICY },
        'console:local',
        at,
      );
      const minute = Math.floor(random() * 96) * 15;
      const phrase = `daily ${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
      const { id } = await store.schedules.add({
        ...{ groupId: group.id, phrase, when: parseWhen(phrase, 'UTC', at), zone: 'UTC' },
        ...{ status: 'active', createdBy: 'console:local', createdAt: at - 1 },
      });
      due.set(id, at + minute * MINUTE);
    }
    return { store, due };
  }

  async function dayOfFakeTime(
    { store, due: expected }: Awaited<ReturnType<typeof fill>>,
    start: number,
  ): Promise<void> {
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
    await store.close();
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

/** On Linux: ticks of 10 ms, user and system. */
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
