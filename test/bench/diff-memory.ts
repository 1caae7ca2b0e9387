import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeLargeScan } from './large-scan.ts';
import { peakMemory } from './peak-memory.ts';

/** `npx tsx test/bench/diff-memory.ts [MB]`, after `npm run build`: the memory that a diff of two large scans takes. */
const megabytes = Number(process.argv[2] ?? 150);
const directory = mkdtempSync(join(tmpdir(), 'netdelta-bench-'));
try {
  const [older, newer] = [join(directory, 'old.xml'), join(directory, 'new.xml')];
  const { hosts } = await writeLargeScan(older, megabytes * 1024 * 1024, 1);
  await writeLargeScan(newer, megabytes * 1024 * 1024, 2);
  const started = performance.now();
  const { code, stdout, peakMb } = await peakMemory(['diff', older, newer]);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`two files of ${megabytes} MB, ${hosts} hosts each: ${stdout.trim().split('\n').at(-1)} (exit ${code})`);
  console.log(`${peakMb.toFixed(0)} MB at most, ${seconds} s`);
} finally {
  rmSync(directory, { recursive: true });
}
