import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../adapters/sequelize/database.ts';
import { openStore } from '../../adapters/sequelize/open-store.ts';
import { drawReport } from '../../src/app/report-thread.ts';
import { REPORT_FORMATS } from '../../src/core/report/report.ts';
import { buildReport } from '../../src/usecases/views/build-report.ts';
import { writeYear } from './year.ts';

/**
 * `npx tsx test/bench/report.ts [GROUPS] [DELTAS_A_DAY]`: `report all period:1y` over 100 groups and a year of nightly
 * scans in SQLite. Prints the elapsed time, the processor time, and how long the event loop was blocked at most.
 */
const groups = Number(process.argv[2] ?? 100);
const deltasADay = Number(process.argv[3] ?? 7);
const directory = mkdtempSync(join(tmpdir(), 'netdelta-bench-'));
const url = `sqlite:${join(directory, 'netdelta.sqlite')}`;
const to = Date.UTC(2026, 10, 24, 2);

try {
  const store = await openStore(url);
  await store.migrate();
  const database = await openDatabase(url);
  await writeYear(database, { groups, hosts: 60, days: 365, deltasADay, to, seed: 7 });
  await database.close();
  console.log(`${groups} groups, ${groups * 365} scans, ${groups * 365 * deltasADay} deltas, ${sizeMb()} MB`);
  for (const format of REPORT_FORMATS) {
    const request = {
      title: 'Report on all groups',
      groups: await store.groups.list(),
      format,
      theme: 'light' as const,
    };
    const held = watchEventLoop();
    const [started, before] = [performance.now(), process.cpuUsage()];
    await buildReport({ store, drawReport }, { ...request, from: to - 365 * 86_400_000, to });
    const { user, system } = process.cpuUsage(before);
    const [wall, cpu] = [(performance.now() - started) / 1000, (user + system) / 1_000_000];
    console.log(
      `${format}: ${wall.toFixed(2)} s, ${cpu.toFixed(2)} s of processor, event loop held ${held()} ms at most`,
    );
  }
  await store.close();
} finally {
  rmSync(directory, { recursive: true });
}

function sizeMb(): number {
  return Math.round(statSync(join(directory, 'netdelta.sqlite')).size / 1024 / 1024);
}

function watchEventLoop(): () => number {
  let [last, worst] = [performance.now(), 0];
  const timer = setInterval(() => {
    const now = performance.now();
    [last, worst] = [now, Math.max(worst, now - last)];
  }, 5);
  return () => {
    clearInterval(timer);
    return Math.round(worst);
  };
}
