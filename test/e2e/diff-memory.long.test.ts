import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeLargeScan } from '../bench/large-scan.ts';
import { peakMemory } from '../bench/peak-memory.ts';

const MB = 1024 * 1024;
const directory = mkdtempSync(join(tmpdir(), 'netdelta-large-'));
const [large, small] = [join(directory, 'large.xml'), join(directory, 'small.xml')];
let hosts = 0;

beforeAll(async () => {
  hosts = (await writeLargeScan(large, 150 * MB, 1)).hosts;
  await writeLargeScan(small, 5 * MB, 2);
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('a file of 150 MB', () => {
  it('is compared in under 200 MB of memory', { timeout: 120_000 }, async () => {
    const { code, stdout, stderr, peakMb } = await peakMemory(['diff', large, small, '--json']);
    expect(stderr).toBe('');
    expect(code).toBe(1);
    const { deltas, old } = JSON.parse(stdout);
    expect(old.hostsUp).toBe(hosts);
    expect(deltas.map((delta: { kind: string }) => delta.kind)).toContain('outage');
    expect(peakMb).toBeLessThan(200);
  });
});
