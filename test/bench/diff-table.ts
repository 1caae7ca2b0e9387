import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { medianRun, type Run } from './measured-run.ts';
import { writeSyntheticScan } from './synthetic-network.ts';

/**
 * `npx tsx test/bench/diff-table.ts [HOSTS…]`, after `npm run build`: `netdelta diff` beside ndiff on the same files, whole
 * processes, one after the other. Without numbers 1,000, 10,000 and 65,536 hosts; the networks are the same each time.
 */
const given = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [1_000, 10_000, 65_536];
const directory = mkdtempSync(join(tmpdir(), 'netdelta-bench-'));

console.log('| hosts | differ | netdelta | memory | ndiff | memory | netdelta / ndiff |');
console.log('| ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
try {
  for (const hosts of sizes) {
    const older = await scan(hosts, 0, 0);
    for (const [name, changed] of [
      ['3 %', 0.03],
      ['all', 1],
    ] as const) {
      const newer = await scan(hosts, 1, changed);
      const times = hosts > 20_000 ? 1 : 3;
      const ours = await medianRun([process.execPath, 'dist/src/main.js', 'diff', older, newer], times);
      const peer = await medianRun(['ndiff', older, newer], times);
      if (ours.code !== 1 || peer.code !== 1) throw new Error(`exit ${ours.code} and ${peer.code}: no difference seen`);
      const ratio = (ours.cpuSeconds / peer.cpuSeconds).toFixed(2);
      console.log(`| ${hosts.toLocaleString('en')} | ${name} | ${cells(ours)} | ${cells(peer)} | ${ratio} |`);
    }
  }
} finally {
  rmSync(directory, { recursive: true });
}

async function scan(hosts: number, run: number, changed: number): Promise<string> {
  const path = join(directory, `${hosts}-${run}.xml`);
  await writeSyntheticScan(path, { hosts, run, changed });
  return path;
}

function cells({ cpuSeconds, peakMb }: Run): string {
  return `${cpuSeconds.toFixed(2)} s | ${peakMb.toFixed(0)} MB`;
}
