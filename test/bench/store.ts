import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openDatabase } from '../../adapters/sequelize/database.ts';
import { openStore } from '../../adapters/sequelize/open-store.ts';
import { createJudgeChunks } from '../../src/app/judge-thread.ts';
import { createReader } from '../../src/app/reader.ts';
import { GROUP_DEFAULTS } from '../../src/core/model/group.ts';
import { DEFAULT_POLICY } from '../../src/core/model/policy.ts';
import type { ChunkRequest } from '../../src/core/model/scan.ts';
import { judgeScan } from '../../src/usecases/judging/judge-scan.ts';
import { writeSyntheticScan } from './synthetic-network.ts';

/**
 * `npx tsx test/bench/store.ts [HOSTS]`: a network read, judged and stored by the real judge and SQLite, first, then
 * unchanged, twice, then with 2 % of its hosts changed. nmap itself is left out: the synthetic network stands in its place.
 */
const hosts = Number(process.argv[2] ?? 65_536);
const CHUNK = 4096;
const settings = {
  ...{ profile: 'standard', ports: '1-10000', tcp: true, udp: false, versionDetection: true, timing: 4 as const },
  ...{ resolveNames: false, skipDiscovery: false },
};

const directory = mkdtempSync(join(tmpdir(), 'netdelta-bench-'));
const file = join(directory, 'netdelta.sqlite');

try {
  const store = await openStore(`sqlite:${file}`);
  await store.migrate();
  const database = await openDatabase(`sqlite:${file}`);
  const group = await store.groups.add(
    { ...GROUP_DEFAULTS, name: 'dc', targets: ['10.1.0.0/16'], exclude: [], policy: DEFAULT_POLICY },
    'console:local',
    Date.now(),
  );
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const time = { now: Date.UTC(2026, 10, 24, 2) };
  const judging = {
    ...{ store, clock: { now: () => time.now }, log: quiet, judgeChunks: createJudgeChunks(createReader()) },
    channelsOf: async () => [],
    placesOf: async () => [],
    startNext: async () => undefined,
    baseline: async () => {},
    canAsk: async () => false,
    confirm: async () => undefined,
    wake() {},
  };
  const scans = [
    ['first scan', 0, 0],
    ['unchanged rescan', 1, 0],
    ['unchanged once more', 2, 0],
    ['2 % of hosts changed', 3, 0.02],
  ] as const;
  for (const [name, run, changed] of scans) {
    const id = await stage(run, changed);
    const before = await measure();
    const [started, used] = [performance.now(), process.cpuUsage()];
    const peak = watchMemory();
    await judgeScan(judging, id);
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(used);
    const highest = peak();
    const after = await measure();
    console.log(
      `${name}: ${((user + system) / 1e6).toFixed(1)} s of processor time (${seconds.toFixed(1)} s on the clock), ${highest} MB at most; ` +
        `${after.rows - before.rows} rows more; database ${mb(after.bytes)} MB, ${mb(after.bytes - after.xml)} without nmap's XML (${mb(after.bytes - after.xml - before.bytes + before.xml, 2)} more)`,
    );
    time.now += 86_400_000;
  }
  await database.close();
  await store.close();

  async function stage(run: number, changed: number): Promise<number> {
    const chunks: ChunkRequest[] = [];
    const documents: Buffer[] = [];
    for (let from = 0; from < hosts; from += CHUNK) {
      const path = join(directory, 'chunk.xml');
      const count = Math.min(CHUNK, hosts - from);
      await writeSyntheticScan(path, { hosts: count, run, changed, from });
      documents.push(gzipSync(readFileSync(path), { level: 1 }));
      chunks.push({ ranges: [[at(from), at(from + count - 1)]], family: 4, settings });
    }
    const { scan } = await store.scans.add({
      ...{ groupId: group.id, kind: 'scan', origin: { type: 'command', by: 'console:local', channel: 'console:main' } },
      ...{ settings, site: group.site, chunks, hostsTotal: hosts, queuedAt: time.now, notes: [] },
    });
    for (const [chunk, xml] of documents.entries()) {
      await store.scans.stageChunk(scan.id, chunk, 1, { xml, outcome: 'complete' });
    }
    await store.scans.transition(scan.id, ['queued'], 'running', { startedAt: time.now });
    return scan.id;
  }

  /** The file with all that is still beside it; rows of all that is believed and recorded of hosts. */
  async function measure(): Promise<{ bytes: number; xml: number; rows: number }> {
    await database.sequelize.query('PRAGMA wal_checkpoint(TRUNCATE)');
    const tables = ['hosts', 'services', 'host_codes', 'host_events', 'first_found', 'deltas', 'scans_seen'];
    let rows = 0;
    for (const table of tables) rows += await one(`SELECT COUNT(*) AS value FROM ${table}`);
    const xml = await one('SELECT COALESCE(SUM(LENGTH(xml)), 0) AS value FROM chunk_results');
    return { bytes: statSync(file).size, xml, rows };
  }

  async function one(sql: string): Promise<number> {
    const [row] = await database.select<{ value: number }>(sql, {});
    return Number(row?.value);
  }
} finally {
  rmSync(directory, { recursive: true });
}

function at(index: number): string {
  return `10.1.${index >> 8}.${index & 255}`;
}

function mb(bytes: number, digits = 0): string {
  return (bytes / 1024 / 1024).toFixed(digits);
}

/** Highest resident size since it was called, threads included, in MB. */
function watchMemory(): () => string {
  let highest = process.memoryUsage.rss();
  const timer = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage.rss());
  }, 50);
  return () => {
    clearInterval(timer);
    return mb(highest);
  };
}
