import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { medianRun, type Run } from './measured-run.ts';
import { writeSyntheticScan } from './synthetic-network.ts';

/**
 * `npx tsx test/bench/diff-table.ts [HOSTS…]`, after `npm run build`: compares `netdelta diff` with ndiff, and with
 * Debian's python3-libnmap, on the same files, whole processes, one after the other. Without numbers 1, 1,000, 10,000
 * and 65,536 hosts; the networks are the same each time.
 */
const given = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [1, 1_000, 10_000, 65_536];
const directory = mkdtempSync(join(tmpdir(), 'netdelta-bench-'));

/** It lists the hosts that differ, but not how: that takes a comparison per host. */
const LIBNMAP = `import sys
from libnmap.parser import NmapParser
older, newer = (NmapParser.parse_fromfile(path) for path in sys.argv[1:])
known = {host.address: host for host in older.hosts}
found = [host.diff(known[host.address]) for host in newer.hosts if host.address in known]
sys.exit(1 if any(one.changed() or one.added() or one.removed() for one in found) else 0)`;

console.log(
  '| hosts | differ | netdelta | memory | ndiff | memory | netdelta / ndiff | libnmap | memory | netdelta / libnmap |',
);
console.log('| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
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
      const library = await medianRun(['/usr/bin/python3', '-c', LIBNMAP, older, newer], times);
      const codes = [ours, peer, library].map(({ code }) => code);
      // Of one host, no port may have changed.
      if (hosts > 1 && codes.some((code) => code !== 1))
        throw new Error(`exit ${codes.join(', ')}: no difference seen`);
      const ratio = ({ cpuSeconds }: Run) => (ours.cpuSeconds / cpuSeconds).toFixed(2);
      const columns = [cells(ours), cells(peer), ratio(peer), cells(library), ratio(library)];
      console.log(`| ${hosts.toLocaleString('en')} | ${name} | ${columns.join(' | ')} |`);
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
