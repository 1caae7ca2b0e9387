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
import { measuredRun } from './measured-run.ts';
import { writeSyntheticScan } from './synthetic-network.ts';

/**
 * `npm run bench:store -- [HOSTS [SCANS]]`: a network read, judged and stored by the real judge and SQLite: first, then
 * unchanged, twice, then with 2 % of its hosts changed; each by a process of its own, from the build. With more SCANS
 * than these four, 2 % of the hosts change in each further one, and every tenth is a row. nmap itself is left out: the
 * synthetic network replaces it.
 */
const CHUNK = 4096;
const settings = {
  ...{ profile: 'standard', ports: '1-10000', tcp: true, udp: false, versionDetection: true, timing: 4 as const },
  ...{ resolveNames: false, skipDiscovery: false },
};
const SCANS = [
  ['first scan', 0, 0],
  ['unchanged rescan', 1, 0],
  ['unchanged once more', 2, 0],
  ['2 % of hosts changed', 3, 0.02],
] as const;

const [, program = '', what = '65536', ...rest] = process.argv;
if (what === 'judge') await judge(rest[0] ?? '', Number(rest[1]), Number(rest[2]));
else await table(Number(what), Number(rest[0] ?? SCANS.length));

/** The measured values. */
async function judge(file: string, scanId: number, now: number): Promise<void> {
  const store = await openStore(`sqlite:${file}`);
  const judging = {
    ...{ store, clock: { now: () => now }, log: { debug() {}, info() {}, warn() {}, error() {} } },
    judgeChunks: createJudgeChunks(createReader()),
    channelsOf: async () => [],
    placesOf: async () => [],
    startNext: async () => undefined,
    baseline: async () => {},
    canAsk: async () => false,
    confirm: async () => undefined,
    wake() {},
  };
  await judgeScan(judging, scanId);
  await store.close();
}

async function table(hosts: number, scans: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'netdelta-bench-'));
  try {
    await measureAll(directory, hosts, scans);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function measureAll(directory: string, hosts: number, scans: number): Promise<void> {
  const file = join(directory, 'netdelta.sqlite');
  const store = await openStore(`sqlite:${file}`);
  await store.migrate();
  const database = await openDatabase(`sqlite:${file}`);
  const group = await store.groups.add(
    { ...GROUP_DEFAULTS, name: 'dc', targets: ['10.1.0.0/16'], exclude: [], policy: DEFAULT_POLICY },
    'console:local',
    Date.now(),
  );
  console.log(
    `| ${hosts.toLocaleString('en')} hosts up | processor time | memory | rows more | database | without nmap's XML | more |`,
  );
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
  let now = Date.UTC(2026, 10, 24, 2);
  for (const [name, run, changed] of plan(scans)) {
    const id = await stage(run, changed);
    const before = await measure();
    const { code, cpuSeconds, peakMb } = await measuredRun([
      process.execPath,
      program,
      'judge',
      file,
      `${id}`,
      `${now}`,
    ]);
    if (code !== 0 || (await store.scans.byId(id))?.status !== 'done') throw new Error(`${name}: not judged`);
    const after = await measure();
    const sizes = [after.bytes, after.bytes - after.xml].map((bytes) => `${mb(bytes)} MB`).join(' | ');
    const more = mb(after.bytes - after.xml - before.bytes + before.xml, 2);
    const rows = after.rows - before.rows;
    if (run < SCANS.length || (run + 1) % 10 === 0)
      console.log(
        `| ${name} | ${cpuSeconds.toFixed(1)} s | ${peakMb.toFixed(0)} MB | ${rows} | ${sizes} | ${more} MB |`,
      );
    now += 86_400_000;
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
      ...{ settings, site: group.site, chunks, hostsTotal: hosts, queuedAt: now, notes: [] },
    });
    for (const [chunk, xml] of documents.entries()) {
      await store.scans.stageChunk(scan.id, chunk, 1, { xml, outcome: 'complete' });
    }
    await store.scans.transition(scan.id, ['queued'], 'running', { startedAt: now });
    return scan.id;
  }

  /** The size of the database with its side files, and the rows of everything believed and recorded about hosts. */
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
}

function plan(scans: number): (readonly [name: string, run: number, changed: number])[] {
  const more = Array.from({ length: Math.max(0, scans - SCANS.length) }, (_, index) => index + SCANS.length);
  return [...SCANS.slice(0, scans), ...more.map((run) => [`scan ${run + 1}, 2 % changed`, run, 0.02] as const)];
}

function at(index: number): string {
  return `10.1.${index >> 8}.${index & 255}`;
}

function mb(bytes: number, digits = 0): string {
  return (bytes / 1024 / 1024).toFixed(digits);
}
