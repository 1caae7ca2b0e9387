import { describe, expect, it } from 'vitest';
import { coverageHistory, rememberCoverage } from '../../../src/core/judge/coverage-history.ts';
import type { CoverageMemory } from '../../../src/core/judge/memory.ts';
import type { AddressRange } from '../../../src/core/model/observation.ts';
import type { Coverage } from '../../../src/core/model/scan.ts';

const all: Coverage = { addresses: [['10.0.0.0', '10.0.0.255']], ports: { tcp: [[1, 100]] } };
const wide: Coverage = { ...all, ports: { tcp: [[1, 1000]] } };
const part: Coverage = { ...all, addresses: [['10.0.0.1', '10.0.0.9']] };

function remember(scans: readonly Coverage[]): readonly CoverageMemory[] {
  return scans.reduce<readonly CoverageMemory[]>(
    (memory, coverage, index) => rememberCoverage(memory, coverage, 'raw', index + 1),
    [],
  );
}

describe('the history of coverage', () => {
  it('counts the scans that covered an address, and a port of it', () => {
    const history = coverageHistory(remember([all, all, wide, part, all]));
    expect(history.ofAddress('10.0.0.5', 'raw', 1)).toBe(5);
    expect(history.ofAddress('10.0.0.50', 'raw', 1)).toBe(4);
    expect(history.ofAddress('10.0.0.50', 'raw', 3)).toBe(2);
    expect(history.ofAddress('10.0.0.50', 'connect', 1)).toBe(0);
    expect(history.ofPort('10.0.0.5', 'tcp', 900, 1)).toBe(1);
    expect(history.ofPort('10.0.0.5', 'udp', 90, 1)).toBe(0);
  });

  it('is as small as the number of different coverages, however many scans there were', () => {
    const memory = remember(Array.from({ length: 5000 }, () => all));
    expect(memory).toHaveLength(1);
    expect(memory[0]?.ticks).toEqual([[1, 5000]]);
  });

  it('stays bounded when every scan covers something else, and keeps what is used', () => {
    const scans = Array.from(
      { length: 200 },
      (_, i): Coverage => (i % 2 === 0 ? all : { ...all, addresses: [[`10.0.${i}.0`, `10.0.${i}.9`]] }),
    );
    const memory = remember(scans);
    expect(memory.length).toBeLessThanOrEqual(32);
    expect(Math.max(...memory.map(({ ticks }) => ticks.length))).toBeLessThanOrEqual(16);
    expect(coverageHistory(memory).ofAddress('10.0.0.5', 'raw', 1)).toBeGreaterThanOrEqual(16);
  });

  it('drops a coverage of very many pieces', () => {
    const pieces = Array.from(
      { length: 600 },
      (_, i): AddressRange => [`10.0.${i >> 7}.${(i & 127) * 2}`, `10.0.${i >> 7}.${(i & 127) * 2}`],
    );
    expect(rememberCoverage([], { ...all, addresses: pieces }, 'raw', 1)).toEqual([]);
  });
});
